// jemalloc's functions, weak as in the programs that detect them, and readers of its controls.
#ifndef JEMALLOC_H
#define JEMALLOC_H

#include "check.h"
#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif
#define WEAK __attribute__((weak))
WEAK void *mallocx(size_t, int);
WEAK void *rallocx(void *, size_t, int);
WEAK size_t xallocx(void *, size_t, size_t, int);
WEAK size_t sallocx(const void *, int);
WEAK void dallocx(void *, int);
WEAK void sdallocx(void *, size_t, int);
WEAK size_t nallocx(size_t, int);
WEAK int mallctl(const char *, void *, size_t *, void *, size_t);
WEAK int mallctlnametomib(const char *, size_t *, size_t *);
WEAK int mallctlbymib(const size_t *, size_t, void *, size_t *, void *, size_t);
WEAK void malloc_stats_print(void (*)(void *, const char *), void *, const char *);
WEAK size_t malloc_usable_size(void *);
#ifdef __cplusplus
}
#endif

enum { ZERO = 0x40, NO_CACHE = 0x100 };
#define LENGTH(array) (sizeof array / sizeof *array)
#define LG_ALIGN(la) (la)
#define CACHE(id) (((int)(id) + 2) << 8)
#define ARENA(i) ((int)(((unsigned)(i) + 1) << 20))

// Sizes and addresses that the optimizer must not reason about.
static CHECK_UNUSED void *volatile sink;

static CHECK_UNUSED size_t read_size(const char *name)
{
    size_t value = 0, length = sizeof value;
    int error = mallctl(name, &value, &length, NULL, 0);
    CHECK_THAT(error == 0 && length == sizeof value, "%s: error %d", name, error);
    return value;
}

// The value of a name that contains one number.
static CHECK_UNUSED size_t read_of(const char *format, unsigned number)
{
    char name[96];
    snprintf(name, sizeof name, format, number);
    return read_size(name);
}

static CHECK_UNUSED unsigned read_unsigned(const char *name)
{
    unsigned value = 0;
    size_t length = sizeof value;
    int error = mallctl(name, &value, &length, NULL, 0);
    CHECK_THAT(error == 0 && length == sizeof value, "%s: error %d", name, error);
    return value;
}

static CHECK_UNUSED int read_bool(const char *name)
{
    unsigned char value = 2;
    size_t length = sizeof value;
    int error = mallctl(name, &value, &length, NULL, 0);
    CHECK_THAT(error == 0 && value <= 1, "%s: error %d, value %d", name, error, value);
    return value;
}

static CHECK_UNUSED const char *read_text(const char *name)
{
    const char *value = NULL;
    size_t length = sizeof value;
    int error = mallctl(name, &value, &length, NULL, 0);
    CHECK_THAT(error == 0 && value != NULL, "%s: error %d", name, error);
    return value;
}

static CHECK_UNUSED int run_case(int argc, char **argv)
{
    if (mallctl == NULL && argc > 1 && strcmp(argv[1], "list") != 0)
        SKIP("the malloc has no functions of jemalloc");
    return check_run(argc, argv);
}

#endif
