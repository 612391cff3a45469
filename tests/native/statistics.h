// Statistics of the heap, for programs that are not linked to it.
#ifndef STATISTICS_H
#define STATISTICS_H

#include "check.h"
#include <dlfcn.h>

// The number of thread heaps in use, those that an ended thread has not abandoned included.
static CHECK_UNUSED size_t thread_heaps(void)
{
    size_t (*quarry_stats)(size_t *, size_t), statistics[14];
    const size_t threads = 10;
    *(void **)&quarry_stats = dlsym(RTLD_DEFAULT, "quarry_stats");
    CHECK(quarry_stats != NULL);
    quarry_stats(statistics, sizeof statistics);
    return statistics[threads];
}

#endif
