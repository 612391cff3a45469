/* Preloaded by stacks.sh: walks the stack at every STACKS_EVERY-th allocation of a program, and writes its
   counts to a file in STACKS_OUT at exit.

   The walk runs inside of malloc, at any depth, in any thread, before main and while the program ends. Each
   walk is repeated at once and timed, so the time is that of known rules. One in STACKS_COMPARE stacks is
   also unwound by libgcc's _Unwind_Backtrace and compared. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <unwind.h>
#include <x86intrin.h>
#include "../tests/native/stacks.h"

enum { FRAMES = 512, TIMES = 8192, PLACES = 16 };

typedef void *allocate(size_t), *allocate_zeroed(size_t, size_t), *reallocate(void *, size_t);

static allocate *next_malloc;
static allocate_zeroed *next_calloc;
static reallocate *next_realloc;
static void *walker;
static uint64_t every, compare, calls, stacks, frames, ended[3], compared, identical;
static uint64_t first_clock, first_time, cold_clocks;
static uint32_t times[TIMES];
static void *broken[PLACES];
static __thread int busy __attribute__((tls_model("initial-exec")));

struct unwound
{
    int count;
    void *addresses[FRAMES];
};

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static _Unwind_Reason_Code add(struct _Unwind_Context *context, void *argument)
{
    struct unwound *all = argument;
    void *address = (void *)_Unwind_GetIP(context);
    if (address == NULL || all->count == FRAMES)
        return _URC_END_OF_STACK;
    all->addresses[all->count++] = address;
    return _URC_NO_REASON;
}

/* The two walks differ in the innermost frames, which are those of this file, and in the last one: libgcc may
   report the address 0 or 1 after the start of a thread. */
static int is_same(void **ours, int count)
{
    struct unwound all = { 0 };
    _Unwind_Backtrace(add, &all);
    int skip = 0;
    while (skip < all.count && skip < 8 && all.addresses[skip] != ours[1])
        skip++;
    return all.count - skip == count - 1
        && memcmp(all.addresses + skip, ours + 1, (count - 1) * sizeof(void *)) == 0;
}

static __attribute__((noinline)) void walk(void)
{
    void *addresses[FRAMES];
    int end;
    busy = 1;
    uint64_t start = __rdtsc();
    int count = stacks_walk(walker, addresses, FRAMES, &end);
    uint64_t middle = __rdtsc();
    stacks_walk(walker, addresses, FRAMES, &end);
    uint64_t warm = __rdtsc() - middle;
    __atomic_fetch_add(&times[warm < TIMES ? warm : TIMES - 1], 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&cold_clocks, middle - start, __ATOMIC_RELAXED);
    __atomic_fetch_add(&ended[end], 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&frames, count, __ATOMIC_RELAXED);
    uint64_t number = __atomic_fetch_add(&stacks, 1, __ATOMIC_RELAXED);
    if (end == STACKS_BROKEN)
        broken[ended[STACKS_BROKEN] % PLACES] = count == 0 ? NULL : addresses[count - 1];
    if (compare != 0 && number % compare == 0)
    {
        __atomic_fetch_add(&compared, 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&identical, is_same(addresses, count), __ATOMIC_RELAXED);
    }
    busy = 0;
}

static void count_call(void)
{
    if (every != 0 && !busy && __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED) % every == 0)
        walk();
}

/* The allocator of the program, which is not always that of the C library. */
void *malloc(size_t size)
{
    if (next_malloc == NULL)
        next_malloc = (allocate *)dlsym(RTLD_NEXT, "malloc");
    count_call();
    return next_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (next_calloc == NULL)
        next_calloc = (allocate_zeroed *)dlsym(RTLD_NEXT, "calloc");
    count_call();
    return next_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    if (next_realloc == NULL)
        next_realloc = (reallocate *)dlsym(RTLD_NEXT, "realloc");
    count_call();
    return next_realloc(block, size);
}

static uint64_t number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

__attribute__((constructor)) static void begin(void)
{
    walker = stacks_open(number("STACKS_MAPPINGS", 0));
    compare = number("STACKS_COMPARE", 0);
    first_time = now();
    first_clock = __rdtsc();
    every = walker == NULL ? 0 : number("STACKS_EVERY", 16);
}

__attribute__((destructor)) static void finish(void)
{
    const char *folder = getenv("STACKS_OUT");
    uint64_t below = 0;
    double ns_per_clock = (double)(now() - first_time) / (__rdtsc() - first_clock);
    if (folder == NULL || stacks == 0)
        return;
    every = 0;
    int median = 0;
    while (median < TIMES - 1 && (below += times[median]) * 2 < stacks)
        median++;
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%d", folder, program_invocation_short_name, getpid());
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0)
        return;
    dprintf(file, "%lu %lu %lu %lu %lu %lu %lu %.1f %.1f\n", stacks, frames, ended[STACKS_COMPLETE],
        ended[STACKS_TRUNCATED], ended[STACKS_BROKEN], compared, identical, median * ns_per_clock,
        cold_clocks * ns_per_clock / stacks);
    for (int index = 0; index < PLACES; index++)
    {
        Dl_info info;
        if (broken[index] != NULL && dladdr(broken[index], &info) != 0)
            dprintf(file, "# broken at %s+%#lx %s\n", info.dli_fname,
                (unsigned long)((char *)broken[index] - (char *)info.dli_fbase), info.dli_sname);
        else if (broken[index] != NULL)
            dprintf(file, "# broken at %p\n", broken[index]);
    }
    close(file);
}
