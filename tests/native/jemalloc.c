// jemalloc's functions: flags, controls by name and by number, counters of threads.
#include "jemalloc.h"

CASE(nallocx_is_the_size_of_a_block)
{
    for (size_t size = 1; size < (size_t)5 << 20; size = size < 5000 ? size + 1 : size + size / 9)
    {
        for (int la = 0; la < 23; la += la < 8 ? 1 : 3)
        {
            void *block = mallocx(size, LG_ALIGN(la));
            CHECK(block != NULL && (uintptr_t)block % ((size_t)1 << la) == 0);
            size_t promised = nallocx(size, LG_ALIGN(la)), usable = sallocx(block, 0);
            CHECK_THAT(promised == usable, "%zu at 2^%d: %zu, not %zu", size, la, promised, usable);
            CHECK(usable >= size);
            sdallocx(block, size, LG_ALIGN(la));
        }
    }
    CHECK(nallocx((size_t)1 << 62, 0) == (size_t)1 << 62);
    CHECK(nallocx(SIZE_MAX, 0) == 0 && nallocx(8, LG_ALIGN(63)) == 0 && nallocx(0, 0) > 0);
    CHECK(mallocx((size_t)PTRDIFF_MAX + 1, 0) == NULL && mallocx(8, LG_ALIGN(63)) == NULL);
}

CASE(zeroed_blocks_are_zero_to_their_last_byte)
{
    for (size_t size = 1; size < 300000; size = size * 5 / 4 + 1)
    {
        size_t usable = nallocx(size, 0);
        for (int round = 0; round < 3; round++)
        {
            dallocx(memset(mallocx(size, 0), 0xee, usable), 0);
            char *block = mallocx(size, ZERO);
            CHECK(all_zero(block, usable));
            memset(block, 0x11, usable);
            block = rallocx(block, usable * 3, ZERO);
            CHECK(block != NULL);
            for (size_t at = 0; at < usable; at++)
                CHECK(block[at] == 0x11);
            CHECK_THAT(all_zero(block + usable, sallocx(block, 0) - usable), "%zu", size);
            dallocx(memset(block, 0xee, usable * 3), 0);
        }
    }
}

CASE(rallocx_has_the_size_of_a_new_block)
{
    uint64_t state = 3;
    char *block = mallocx(1, 0);
    size_t size = 1;
    for (int i = 0; i < 20000; i++)
    {
        size_t next = random_size(&state, i % 50 == 0 ? 24 : 18);
        int flags = LG_ALIGN(random_next(&state) % 14);
        pattern_fill(block, size, i);
        block = rallocx(block, next, flags);
        CHECK(block != NULL && (uintptr_t)block % ((size_t)1 << flags) == 0);
        CHECK(sallocx(block, 0) == nallocx(next, flags));
        CHECK(pattern_holds(block, size < next ? size : next, i));
        size = next;
    }
    CHECK(rallocx(block, (size_t)PTRDIFF_MAX + 1, 0) == NULL);
    CHECK(sallocx(block, 0) >= size);
    dallocx(block, 0);
    block = rallocx(NULL, 100, 0);
    CHECK(block != NULL);
    dallocx(rallocx(block, 0, 0), 0);
}

CASE(xallocx_never_moves)
{
    char *small = mallocx(100, 0), *large = mallocx(1 << 20, 0);
    size_t usable = sallocx(small, 0);
    CHECK(xallocx(small, 1000, 0, 0) == usable && xallocx(small, 1, 0, 0) == usable);
    CHECK(xallocx(small, 100, SIZE_MAX - 100, 0) == usable && xallocx(small, 0, 0, 0) == usable);
    CHECK(xallocx(large, 1 << 19, 0, 0) == 1 << 19);
    memset(large, 1, 1 << 19);
    CHECK(xallocx(large, 1 << 19, 1 << 19, ZERO) == 1 << 20);
    CHECK(all_zero(large + (1 << 19), 1 << 19));
    CHECK(xallocx(large, 100, 0, 0) == 1 << 20);
    CHECK(xallocx(large, 1 << 19, 1 << 20, 0) >= 1 << 20);
    CHECK(xallocx(large, 1 << 19, 0, LG_ALIGN(45)) >= 1 << 20);
    CHECK(xallocx(large, SIZE_MAX, 1, 0) >= 1 << 20 && xallocx(NULL, 1, 1, 0) == 0);
    dallocx(small, 0);
    sdallocx(large, 1 << 20, 0);
}

CASE(invalid_arguments_do_no_harm)
{
    CHECK(mallocx(100, ARENA(1)) == NULL && mallocx(100, ARENA(4094)) == NULL);
    CHECK(mallocx(100, CACHE(17)) == NULL);
    dallocx(NULL, 0);
    sdallocx(NULL, 100, 0);
    CHECK(sallocx(NULL, 0) == 0);
    void *block = mallocx(100, ARENA(0) | NO_CACHE);
    CHECK(block != NULL);
    CHECK(rallocx(block, 200, ARENA(7)) == NULL);
    dallocx(block, CACHE(17));
}

CASE(explicit_caches_have_ids)
{
    unsigned first, second, again;
    size_t length = sizeof first;
    CHECK(mallctl("tcache.create", &first, &length, NULL, 0) == 0);
    CHECK(mallctl("tcache.create", &second, &length, NULL, 0) == 0 && second != first);
    void *block = mallocx(100, CACHE(first));
    CHECK(block != NULL);
    dallocx(block, CACHE(first));
    CHECK(mallctl("tcache.flush", NULL, NULL, &first, sizeof first) == 0);
    CHECK(mallctl("tcache.destroy", NULL, NULL, &first, sizeof first) == 0);
    CHECK(mallctl("tcache.create", &again, &length, NULL, 0) == 0 && again == first);
    length = 3;
    CHECK(mallctl("tcache.create", &again, &length, NULL, 0) == EINVAL && length == 0);
    unsigned never = 4000;
    CHECK(mallctl("tcache.destroy", NULL, NULL, &never, sizeof never) == EFAULT);
    unsigned count = 2;
    for (length = sizeof again; mallctl("tcache.create", &again, &length, NULL, 0) == 0; count++)
        CHECK(count < 5000);
    CHECK_THAT(count == 4094, "%u", count);
}

CASE(destroyed_cache_aborts)
{
    unsigned id;
    size_t length = sizeof id;
    CHECK(mallctl("tcache.create", &id, &length, NULL, 0) == 0);
    CHECK(mallctl("tcache.destroy", NULL, NULL, &id, sizeof id) == 0);
    mallocx(100, CACHE(id));
    CHECK(!"reached");
}

CASE(errors_are_those_of_jemalloc)
{
    size_t value = 77, length = sizeof value;
    char byte = 0;
    const char *const unknown[] = { "", ".", "stats", "stats.", "stats.allocated.", "stats.allocated.x",
        "Version",
        "stats..allocated", "arena.-1.purge", "arena.x.purge", "arena..purge", "arena.5000.purge",
        "arenas.bin.100000.size", "arena.18446744073709551616.purge", "stats.arenas.4097.pactive",
        "opt.prof.",
        "opt.utrace", "stats.arenas.0.small.resident", "a.b.c.d.e.f.g.h.i", "arenas.bin.0" };
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        CHECK_THAT(mallctl(unknown[i], &value, &length, NULL, 0) == ENOENT, "%s", unknown[i]);
    CHECK(mallctl(NULL, &value, &length, NULL, 0) == ENOENT && value == 77);
    CHECK(mallctl("stats.allocated", NULL, NULL, NULL, 0) == 0);
    CHECK(mallctl("stats.allocated", &value, NULL, NULL, 0) == 0 && value == 77);
    CHECK(mallctl("stats.allocated", &value, &length, &value, 0) == EPERM);
    CHECK(mallctl("stats.allocated", &value, &length, NULL, 8) == EPERM);
    CHECK(mallctl("thread.tcache.flush", &value, NULL, NULL, 0) == EPERM);
    CHECK(mallctl("thread.tcache.flush", NULL, &length, NULL, 0) == EPERM);
    CHECK(mallctl("arena.0.purge", NULL, NULL, NULL, 1) == EPERM);
    CHECK(mallctl("tcache.destroy", &value, &length, &value, 4) == EPERM);
    CHECK(mallctl("tcache.destroy", NULL, NULL, &value, 8) == EINVAL);
    value = SIZE_MAX;
    length = 4;
    CHECK(mallctl("arenas.page", &value, &length, NULL, 0) == EINVAL && length == 4);
    CHECK(value == (0xffffffff00000000 | 4096));
    length = 100;
    CHECK(mallctl("arenas.page", &value, &length, NULL, 0) == EINVAL && length == 8 && value == 4096);
    CHECK(mallctl("background_thread", NULL, NULL, &byte, 2) == EINVAL);
    CHECK(mallctl("background_thread", NULL, NULL, &byte, 1) == 0);
    byte = 1;
    CHECK(mallctl("background_thread", NULL, NULL, &byte, 1) == 0);
    CHECK(mallctl("arenas.create", NULL, NULL, NULL, 0) == EINVAL);
    unsigned arena = 5;
    length = sizeof arena;
    CHECK(mallctl("thread.arena", &arena, &length, &arena, sizeof arena) == EFAULT && arena == 0);
    CHECK(length == sizeof arena);
    CHECK(mallctl("thread.arena", &arena, &length, &arena, sizeof arena) == 0);
    CHECK(mallctl("arena.0.reset", NULL, NULL, NULL, 0) == EFAULT);
    ssize_t decay = -2;
    CHECK(mallctl("arena.0.dirty_decay_ms", NULL, NULL, &decay, sizeof decay) == EFAULT);
    CHECK(mallctl("arena.4096.dirty_decay_ms", NULL, NULL, &decay, sizeof decay) == EFAULT);
    const char *dss = "nonsense";
    CHECK(mallctl("arena.0.dss", NULL, NULL, &dss, sizeof dss) == EINVAL);
    dss = "disabled";
    CHECK(mallctl("arena.0.dss", NULL, NULL, &dss, sizeof dss) == 0);
}

CASE(names_and_numbers_agree)
{
    size_t mib[7], length = 7;
    CHECK(mallctlnametomib("arenas.bin", mib, &length) == 0 && length == 2);
    length = 7;
    CHECK(mallctlnametomib("arenas.bin.0.size", mib, &length) == 0 && length == 4);
    unsigned bins = read_unsigned("arenas.nbins");
    for (size_t bin = 0; bin < bins; bin++)
    {
        char name[64];
        size_t size, bytes = sizeof size;
        snprintf(name, sizeof name, "arenas.bin.%zu.size", bin);
        mib[2] = bin;
        CHECK(mallctlbymib(mib, 4, &size, &bytes, NULL, 0) == 0 && size == read_size(name));
        CHECK(nallocx(size, 0) == size);
        snprintf(name, sizeof name, "arenas.bin.%zu.nregs", bin);
        CHECK(read_unsigned(name) >= 8);
    }
    size_t size, bytes = sizeof size;
    mib[2] = bins;
    CHECK(mallctlbymib(mib, 4, &size, &bytes, NULL, 0) == ENOENT);
    mib[2] = 0;
    CHECK(mallctlbymib(mib, 3, &size, &bytes, NULL, 0) == ENOENT);
    mib[1] = 0;
    CHECK(mallctlbymib(mib, 4, &size, &bytes, NULL, 0) == ENOENT);
    length = 2;
    CHECK(mallctlnametomib("arenas.lextent.0.size", mib, &length) == 0 && length == 2);
    length = 7;
    CHECK(mallctlnametomib("arenas.nothing", mib, &length) == ENOENT);
    length = 3;
    CHECK(mallctlnametomib("arena.0.purge", mib, &length) == 0);
    mib[1] = 4096;
    CHECK(mallctlbymib(mib, 3, NULL, NULL, NULL, 0) == 0);
}

static int is_error_of_controls(int error)
{
    return error == 0 || error == ENOENT || error == EINVAL || error == EPERM || error == EAGAIN
        || error == EFAULT;
}

// Random names, buffers and numbers: an error number or a value, never a crash or a byte outside the buffer.
CASE(random_requests)
{
    const char *const parts[] = { "stats", "arenas", "arena", "thread", "opt", "config", "bins", "bin", "0",
        "1", "00", "4096", "99", "size", "allocated", "active", "purge", "decay", "dss", "narenas", "small",
        "large", "curregs", "epoch", "version", "tcache", "lextents", "lextent", "prof", "", "dirty_decay_ms",
        "initialized", "lookup" };
    enum { PARTS = sizeof parts / sizeof parts[0] };
    uint64_t state = 42;
    int found = 0;
    for (int i = 0; i < 200000; i++)
    {
        char name[256] = "";
        for (int depth = random_next(&state) % 8; depth >= 0; depth--)
            strcat(strcat(name, parts[random_next(&state) % PARTS]), depth ? "." : "");
        unsigned char old[24];
        memset(old, 0xcc, sizeof old);
        size_t length = random_next(&state) % 17;
        int error = mallctl(name, old, &length, NULL, 0);
        CHECK(is_error_of_controls(error) && length <= 16);
        for (size_t at = length > 8 ? length : 8; at < sizeof old; at++)
            CHECK(old[at] == 0xcc);
        found += error == 0;
        size_t mib[7];
        for (int at = 0; at < 7; at++)
            mib[at] = random_next(&state) % (i % 2 ? 3000 : 40);
        length = sizeof old;
        error = mallctlbymib(mib, random_next(&state) % 9, old, &length, NULL, 0);
        CHECK(is_error_of_controls(error));
    }
    CHECK(found > 10);
}

// folly's test for jemalloc: the counter moves with each call, without an epoch.
CASE(detected_as_jemalloc)
{
    CHECK(mallocx && rallocx && xallocx && sallocx && dallocx && sdallocx && nallocx && mallctl);
    CHECK(mallctlnametomib && mallctlbymib && malloc_usable_size);
    volatile uint64_t *counter;
    size_t length = sizeof counter;
    CHECK(mallctl("thread.allocatedp", (void *)&counter, &length, NULL, 0) == 0 && length == 8);
    uint64_t before = *counter;
    sink = malloc(1);
    CHECK(sink != NULL && *counter != before);
    free(sink);
}

static void count_calls(void)
{
    volatile uint64_t *allocated, *freed;
    size_t length = 8;
    uint64_t state = 5, in = 0, out = 0;
    static __thread void *blocks[256];
    CHECK(mallctl("thread.allocatedp", (void *)&allocated, &length, NULL, 0) == 0);
    CHECK(mallctl("thread.deallocatedp", (void *)&freed, &length, NULL, 0) == 0);
    uint64_t allocated_before = *allocated, freed_before = *freed;
    for (int i = 0; i < 100000; i++)
    {
        void **slot = &blocks[random_next(&state) % 256];
        size_t old = malloc_usable_size(*slot), size = random_size(&state, i % 16 ? 12 : 20);
        switch (random_next(&state) % 4)
        {
        case 0:
            *slot = realloc(*slot, size);
            break;
        case 1:
            free(*slot);
            *slot = calloc(1, size);
            break;
        case 2:
            free(*slot);
            CHECK(posix_memalign(slot, 64, size) == 0);
            break;
        default:
            free(*slot);
            *slot = mallocx(size, ZERO);
            break;
        }
        in += malloc_usable_size(*slot);
        out += old;
        CHECK_THAT(*allocated - allocated_before == in, "call %d: %zu, not %zu", i,
            (size_t)(*allocated - allocated_before), (size_t)in);
        CHECK_THAT(*freed - freed_before == out, "call %d: %zu, not %zu", i, (size_t)(*freed - freed_before),
            (size_t)out);
    }
    CHECK(read_size("thread.allocated") - allocated_before == in);
    for (int i = 0; i < 256; i++)
        free(blocks[i]);
}

static void *count_calls_in_thread(void *unused)
{
    count_calls();
    return unused;
}

CASE(counters_move_with_each_call)
{
    count_calls();
    // A thread that ends leaves its thread heap to the next one, whose counters begin anew.
    for (int i = 0; i < 6; i++)
    {
        pthread_t threads[2];
        for (int t = 0; t < 2; t++)
            CHECK(pthread_create(&threads[t], NULL, count_calls_in_thread, NULL) == 0);
        for (int t = 0; t < 2; t++)
            CHECK(pthread_join(threads[t], NULL) == 0);
    }
}

static void *free_block(void *block)
{
    volatile uint64_t *freed;
    size_t length = 8, size = malloc_usable_size(block);
    CHECK(mallctl("thread.deallocatedp", (void *)&freed, &length, NULL, 0) == 0);
    uint64_t before = *freed;
    free(block);
    CHECK(*freed == before + size);
    return NULL;
}

CASE(blocks_of_other_threads_are_counted)
{
    for (size_t size = 1; size < 10 << 20; size *= 3)
    {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, free_block, malloc(size)) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
}

CASE(thread_cache_is_flushed)
{
    static void *blocks[1000];
    for (int i = 0; i < 1000; i++)
        blocks[i] = malloc(100);
    for (int i = 0; i < 1000; i++)
        free(blocks[i]);
    CHECK(mallctl("thread.tcache.flush", NULL, NULL, NULL, 0) == 0);
    CHECK(mallctl("thread.idle", NULL, NULL, NULL, 0) == 0);
    CHECK(read_bool("thread.tcache.enabled") == 1);
    CHECK(malloc(100) != NULL);
}

static void *read_cache_switch(void *argument)
{
    (void)argument;
    return (void *)(size_t)read_bool("thread.tcache.enabled");
}

CASE(thread_cache_is_switched)
{
    static void *blocks[1000];
    unsigned char off = 0, on = 1, old = 0;
    size_t length = sizeof old;
    uint64_t epoch = 1;
    for (int i = 0; i < 1000; i++)
        blocks[i] = malloc(100);
    for (int i = 0; i < 1000; i++)
        free(blocks[i]);
    CHECK(mallctl("thread.tcache.enabled", &old, &length, &off, 1) == 0 && old == 1);
    CHECK(read_bool("thread.tcache.enabled") == 0);
    CHECK(mallctl("thread.tcache.flush", NULL, NULL, NULL, 0) == EFAULT);
    CHECK(mallctl("thread.idle", NULL, NULL, NULL, 0) == 0);
    for (int i = 0; i < 1000; i++)
    {
        blocks[i] = malloc(100);
        memset(blocks[i], 1, 100);
    }
    for (int i = 0; i < 1000; i++)
        free(blocks[i]);
    CHECK(mallctl("epoch", NULL, NULL, &epoch, sizeof epoch) == 0);
    CHECK(read_size("stats.arenas.0.tcache_bytes") <= 4096);
    pthread_t thread;
    void *result;
    CHECK(pthread_create(&thread, NULL, read_cache_switch, NULL) == 0);
    CHECK(pthread_join(thread, &result) == 0 && result == (void *)1);
    CHECK(mallctl("thread.tcache.enabled", NULL, NULL, &on, 1) == 0);
    CHECK(mallctl("thread.tcache.flush", NULL, NULL, NULL, 0) == 0);
}

CASE(peak_of_a_thread)
{
    size_t size = 100000;
    CHECK(mallctl("thread.peak.reset", NULL, NULL, NULL, 0) == 0);
    CHECK(read_size("thread.peak.read") == 0);
    char *first = malloc(opaque(size)), *second = malloc(opaque(size));
    size_t both = malloc_usable_size(first) + malloc_usable_size(second);
    CHECK(read_size("thread.peak.read") == both);
    free(second);
    sink = malloc(opaque(10));
    CHECK(read_size("thread.peak.read") == both);
    CHECK(mallctl("thread.peak.reset", NULL, NULL, NULL, 0) == 0);
    CHECK(read_size("thread.peak.read") == 0);
    free(first);
    CHECK(read_size("thread.peak.read") == 0);
    free(sink);
    sink = malloc(opaque(size));
    CHECK(read_size("thread.peak.read") == 0);
    void *volatile third = malloc(opaque(size));
    CHECK(read_size("thread.peak.read") == malloc_usable_size(third) - 16);
    free(third);
    free(sink);
    CHECK(mallctl("thread.peak.read", NULL, NULL, &size, sizeof size) == EPERM);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
