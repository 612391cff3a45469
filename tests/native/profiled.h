// For programs that know what their profiles must contain.
#ifndef PROFILED_H
#define PROFILED_H

#include "check.h"
#include <sys/wait.h>

static inline void *take(size_t size)
{
    void *block = malloc(opaque(size));
    CHECK(block != NULL);
    return block;
}

static void *s_kept[4096];

static inline void keep(size_t count, size_t size)
{
    for (size_t i = 0; i < count; i++)
        s_kept[i] = take(size);
}

static inline void drop(size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        free(s_kept[i]);
}

static inline void expect(size_t key, const char *figure, size_t value)
{
    printf("%zu %s %zu\n", key, figure, value);
}

static inline void wait_for(pid_t child)
{
    int status = 0;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK_THAT(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", status);
}

#endif
