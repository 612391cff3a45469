// Helpers for tests of jemalloc's arenas.
#ifndef ARENAS_H
#define ARENAS_H

#include "jemalloc.h"
#include <sys/time.h>

static CHECK_UNUSED unsigned create_arena(void)
{
    unsigned index = 0;
    size_t length = sizeof index;
    int error = mallctl("arenas.create", &index, &length, NULL, 0);
    CHECK_THAT(error == 0, "error %d", error);
    return index;
}

static CHECK_UNUSED int act(unsigned arena, const char *action)
{
    char name[64];
    snprintf(name, sizeof name, "arena.%u.%s", arena, action);
    return mallctl(name, NULL, NULL, NULL, 0);
}

static CHECK_UNUSED unsigned arena_of(void *block)
{
    unsigned index = 0;
    size_t length = sizeof index;
    int error = mallctl("arenas.lookup", &index, &length, &block, sizeof block);
    CHECK_THAT(error == 0, "error %d", error);
    return index;
}

static CHECK_UNUSED int arena_bool(unsigned arena, const char *control)
{
    char name[64];
    snprintf(name, sizeof name, "arena.%u.%s", arena, control);
    return read_bool(name);
}

// A statistic of an arena, of the epoch.
static CHECK_UNUSED size_t arena_size(unsigned arena, const char *statistic)
{
    char name[80];
    snprintf(name, sizeof name, "stats.arenas.%u.%s", arena, statistic);
    return strcmp(statistic, "nthreads") == 0 ? read_unsigned(name) : read_size(name);
}

static CHECK_UNUSED void refresh_epoch(void)
{
    uint64_t epoch = 1;
    CHECK(mallctl("epoch", NULL, NULL, &epoch, sizeof epoch) == 0);
}

#endif
