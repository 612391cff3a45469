// Limits of a thread's lists, and how full slabs are, by jemalloc's controls.
#include "arenas.h"

static size_t cached_after_one(size_t size)
{
    CHECK(mallctl("thread.tcache.flush", NULL, NULL, NULL, 0) == 0);
    CHECK((sink = malloc(size)) != NULL);
    refresh_epoch();
    size_t bytes = read_size("stats.arenas.0.tcache_bytes");
    free(sink);
    return bytes;
}

static int limit_of(size_t size, size_t *blocks)
{
    size_t length = sizeof *blocks;
    return mallctl("thread.tcache.ncached_max.read_sizeclass", blocks, &length, &size, sizeof size);
}

static int set_limits(const char *text)
{
    return mallctl("thread.tcache.ncached_max.write", NULL, NULL, &text, sizeof text);
}

CASE(lists_of_a_thread_have_limits)
{
    size_t max = 0, length = sizeof max, wanted = 1000, blocks = 0;
    size_t slab = read_unsigned("arenas.bin.0.nregs");
    CHECK(read_size("thread.tcache.max") == 64 << 10 && read_size("arenas.tcache_max") == 64 << 10);
    CHECK(limit_of(16, &blocks) == 0 && blocks == slab);
    size_t small = cached_after_one(100), large = cached_after_one(1500);
    CHECK(small > 500 && large > 1400);

    CHECK(mallctl("thread.tcache.max", &max, &length, &wanted, sizeof wanted) == 0 && max == 64 << 10);
    CHECK(read_size("thread.tcache.max") == nallocx(1000, 0));
    CHECK_THAT(cached_after_one(1500) == 0 && cached_after_one(100) == small, "%zu", cached_after_one(1500));
    CHECK(limit_of(1500, &blocks) == 0 && blocks == 0 && limit_of(100, &blocks) == 0 && blocks > 100);
    wanted = (size_t)1 << 40;
    CHECK(mallctl("thread.tcache.max", NULL, NULL, &wanted, sizeof wanted) == 0);
    CHECK(read_size("thread.tcache.max") == 64 << 10 && cached_after_one(1500) == large);
    CHECK(mallctl("thread.tcache.max", NULL, NULL, &wanted, 4) == EINVAL);

    CHECK(set_limits("16-200:3|1300-1600:1") == 0);
    CHECK(limit_of(100, &blocks) == 0 && blocks == 3 && limit_of(1500, &blocks) == 0 && blocks == 1);
    CHECK_THAT(cached_after_one(100) == 2 * nallocx(100, 0), "%zu", cached_after_one(100));
    CHECK(cached_after_one(1500) == 0);
    static const char *const wrong[] = { "x", "1", "1-2", "1-2:", "-2:1", "2-1:1", "1-2:1|", "1-2:1|x",
        "1:2-3", "1-2:1,3-4:1", "16-200:9|5-4:1" };
    for (size_t at = 0; at < LENGTH(wrong); at++)
        CHECK_THAT(set_limits(wrong[at]) == EINVAL, "%s", wrong[at]);
    CHECK(limit_of(100, &blocks) == 0 && blocks == 3);
    char endless[2000];
    memset(endless, '1', sizeof endless - 1);
    endless[sizeof endless - 1] = 0;
    CHECK(set_limits(endless) == EINVAL && set_limits(NULL) == EINVAL && set_limits("") == 0);
    CHECK(set_limits("1-18446744073709551615:100000") == 0 && limit_of(16, &blocks) == 0 && blocks == slab);
    CHECK(limit_of((64 << 10) + 1, &blocks) == EINVAL);
    CHECK(mallctl("thread.tcache.ncached_max.read_sizeclass", &blocks, &length, NULL, 0) == EINVAL);
    CHECK(mallctl("thread.tcache.ncached_max.write", &blocks, &length, NULL, 0) == EPERM);

    unsigned char off = 0;
    CHECK(mallctl("thread.tcache.enabled", NULL, NULL, &off, 1) == 0);
    CHECK(set_limits("1-100:5") == ENOENT && limit_of(16, &blocks) == 0 && blocks == 0);
}

static void *has_no_limits(void *unused)
{
    (void)unused;
    size_t blocks;
    CHECK(read_size("thread.tcache.max") == 64 << 10 && limit_of(100, &blocks) == 0 && blocks > 100);
    size_t max = 16;
    CHECK(mallctl("thread.tcache.max", NULL, NULL, &max, sizeof max) == 0 && set_limits("1-100:2") == 0);
    return NULL;
}

// A thread heap is used by one thread after the other.
CASE(limits_end_with_their_thread)
{
    for (int i = 0; i < 5; i++)
    {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, has_no_limits, NULL) == 0 && pthread_join(thread, NULL) == 0);
    }
}

struct utilization
{
    void *current;
    size_t free, blocks, bytes, all_free, all_blocks;
};

static int query(void *block, struct utilization *result)
{
    size_t length = sizeof *result;
    return mallctl("experimental.utilization.query", result, &length, &block, sizeof block);
}

CASE(utilization_of_slabs)
{
    enum { COUNT = 3000 };
    static void *blocks[COUNT];
    unsigned bin = 0;
    while (read_of("arenas.bin.%u.size", bin) < 1024)
        bin++;
    char name[64];
    snprintf(name, sizeof name, "arenas.bin.%u.nregs", bin);
    size_t regions = read_unsigned(name), slab = read_of("arenas.bin.%u.slab_size", bin);
    for (int i = 0; i < COUNT; i++)
        CHECK((blocks[i] = malloc(1024)) != NULL);
    // A slab in the middle keeps every eighth block.
    char *start = (char *)((uintptr_t)blocks[COUNT / 2] & ~(uintptr_t)(slab - 1));
    size_t kept = 0;
    for (int i = 0, inside = 0; i < COUNT; i++)
    {
        if ((char *)blocks[i] < start || (char *)blocks[i] >= start + slab)
            continue;
        if (inside++ % 8 == 0)
            kept++;
        else
            free(blocks[i]), blocks[i] = NULL;
    }
    CHECK(mallctl("thread.tcache.flush", NULL, NULL, NULL, 0) == 0);
    void *asked[COUNT + 4] = { 0 };
    size_t count = 0, length, numbers[3 * LENGTH(asked)];
    for (int i = 0; i < COUNT; i++)
        if (blocks[i] != NULL)
            asked[count++] = blocks[i];
    asked[count++] = malloc(300000);
    asked[count++] = asked;
    asked[count++] = NULL;
    length = 3 * count * sizeof(size_t);
    CHECK(mallctl("experimental.utilization.batch_query", numbers, &length, asked, count * 8) == 0);
    size_t sparse = 0;
    for (size_t at = 0; at < count - 3; at++)
    {
        size_t *of = &numbers[3 * at];
        CHECK(of[1] == regions && of[2] == slab && of[0] < regions);
        if ((char *)asked[at] >= start && (char *)asked[at] < start + slab)
            CHECK(of[0] == regions - kept), sparse++;
    }
    CHECK(sparse == kept && kept > 0);
    size_t *large = &numbers[3 * (count - 3)];
    CHECK(large[0] == 0 && large[1] == 1 && large[2] == sallocx(asked[count - 3], 0));
    for (size_t at = 3; at < 9; at++)
        CHECK(large[at] == 0);

    refresh_epoch();
    struct utilization one;
    CHECK(query(asked[0], &one) == 0 && one.blocks == regions && one.bytes == slab);
    CHECK(one.all_blocks == regions * read_of("stats.arenas.0.bins.%u.curslabs", bin));
    CHECK(one.all_free == one.all_blocks - read_of("stats.arenas.0.bins.%u.curregs", bin));
    CHECK(query(&one, &one) == 0 && one.blocks == 0 && one.bytes == 0 && one.current == NULL);
}

CASE(utilization_needs_matching_buffers)
{
    void *block = malloc(100);
    size_t numbers[9], length = sizeof numbers;
    struct utilization one;
    const char *const batch = "experimental.utilization.batch_query", *const single =
        "experimental.utilization.query";
    CHECK(mallctl(batch, numbers, &length, &block, 8) == EINVAL && length == sizeof numbers);
    length = 24;
    CHECK(mallctl(batch, numbers, &length, &block, 7) == EINVAL && mallctl(batch, numbers, &length, &block, 0)
        == EINVAL && mallctl(batch, numbers, &length, NULL, 8) == EINVAL);
    CHECK(mallctl(batch, NULL, &length, &block, 8) == EINVAL && mallctl(batch, numbers, NULL, &block, 8)
        == EINVAL && mallctl(batch, NULL, NULL, NULL, 0) == EINVAL);
    length = 25;
    CHECK(mallctl(batch, numbers, &length, &block, 8) == EINVAL);
    length = 24;
    CHECK(mallctl(batch, numbers, &length, &block, 8) == 0);
    length = sizeof one;
    CHECK(mallctl(single, &one, &length, &block, 4) == EINVAL && mallctl(single, &one, &length, NULL, 0)
        == EINVAL && mallctl(single, &one, NULL, &block, 8) == EINVAL);
    length = 40;
    CHECK(mallctl(single, &one, &length, &block, 8) == EINVAL);
    // A number of this control would make valkey end itself, because the size classes are not jemalloc's.
    size_t mib[7], depth = 7;
    CHECK(mallctlnametomib(batch, mib, &depth) == ENOENT && mallctlnametomib(single, mib, &depth) == 0);
    length = sizeof one;
    CHECK(mallctlbymib(mib, depth, &one, &length, &block, 8) == 0 && one.blocks > 0);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
