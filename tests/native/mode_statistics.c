// What statistics, limits and counters report of blocks outside of the ordinary heap, which modes serve.
#include "jemalloc.h"
#include "../../src/Quarry.Malloc/include/quarry.h"
#include <malloc.h>

enum { BLOCKS = 200, SMALL = 1000, LARGE = 300000, LARGE_BLOCKS = 20, MEBIBYTE = 1 << 20 };
static void *blocks[BLOCKS];

static quarry_statistics statistics(void)
{
    size_t (*read)(quarry_statistics *, size_t);
    *(void **)&read = dlsym(RTLD_DEFAULT, "quarry_stats");
    quarry_statistics result;
    CHECK(read != NULL && read(&result, sizeof result) == sizeof result);
    return result;
}

// Small and large blocks. The modes that isolate count exactly what was requested.
static size_t allocate(void)
{
    for (int i = 0; i < BLOCKS; i++)
    {
        size_t size = i < LARGE_BLOCKS ? LARGE : SMALL;
        CHECK((blocks[i] = malloc(size)) != NULL);
        memset(blocks[i], 1, size);
    }
    return (size_t)LARGE_BLOCKS * LARGE + (size_t)(BLOCKS - LARGE_BLOCKS) * SMALL;
}

static void release(void)
{
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
}

CASE(quarry_stats_counts_blocks)
{
    quarry_statistics before = statistics();
    size_t bytes = allocate();
    quarry_statistics with = statistics();
    release();
    quarry_statistics after = statistics();

    CHECK(with.allocations == before.allocations + BLOCKS);
    CHECK(with.in_use_blocks == before.in_use_blocks + BLOCKS);
    CHECK(with.requested_bytes >= before.requested_bytes + bytes);
    CHECK(with.requested_bytes < before.requested_bytes + bytes * 9 / 8);
    CHECK(with.in_use_bytes - before.in_use_bytes == with.requested_bytes - before.requested_bytes);
    CHECK(with.large_allocations == before.large_allocations + LARGE_BLOCKS);
    CHECK(with.large_in_use_blocks == before.large_in_use_blocks + LARGE_BLOCKS);
    CHECK(with.large_in_use_bytes >= before.large_in_use_bytes + (size_t)LARGE_BLOCKS * LARGE);
    CHECK(with.used_bytes >= before.used_bytes + bytes && with.peak_bytes >= with.used_bytes);
    CHECK(with.committed_bytes >= with.in_use_bytes && with.mapped_bytes >= with.committed_bytes);
    CHECK_THAT(with.resident_bytes >= before.resident_bytes + bytes, "%zu, then %zu",
        (size_t)before.resident_bytes, (size_t)with.resident_bytes);
    CHECK(after.in_use_blocks == before.in_use_blocks && after.in_use_bytes == before.in_use_bytes);
    CHECK(after.allocations == with.allocations && after.requested_bytes == with.requested_bytes);
    CHECK(after.used_bytes <= with.used_bytes - (size_t)LARGE_BLOCKS * LARGE);
}

CASE(mallinfo_counts_blocks)
{
    struct mallinfo2 before = mallinfo2();
    size_t bytes = allocate();
    struct mallinfo2 with = mallinfo2();
    CHECK(with.uordblks >= before.uordblks + bytes && with.hblks == before.hblks + LARGE_BLOCKS);
    CHECK(with.hblkhd >= before.hblkhd + (size_t)LARGE_BLOCKS * LARGE && with.arena >= with.uordblks);
    release();
    CHECK(mallinfo2().uordblks == before.uordblks);
}

static void refresh(void)
{
    uint64_t epoch = 1;
    CHECK(mallctl("epoch", NULL, NULL, &epoch, sizeof epoch) == 0);
}

CASE(jemalloc_counts_blocks)
{
    refresh();
    size_t allocated = read_size("stats.allocated"), active = read_size("stats.active");
    size_t nmalloc = read_size("stats.arenas.0.large.nmalloc"), mine = read_size("thread.allocated");
    size_t bytes = allocate();
    CHECK(read_size("thread.allocated") >= mine + bytes);
    refresh();
    CHECK(read_size("stats.allocated") >= allocated + bytes && read_size("stats.active") >= active + bytes);
    CHECK(read_size("stats.allocated") < allocated + bytes * 9 / 8);
    CHECK(read_size("stats.arenas.0.large.nmalloc") == nmalloc + LARGE_BLOCKS);
    size_t freed = read_size("thread.deallocated"), retained = read_size("stats.retained");
    release();
    CHECK(read_size("thread.deallocated") >= freed + bytes);
    refresh();
    CHECK(read_size("stats.allocated") == allocated && read_size("stats.retained") >= retained);
}

CASE(malloc_stats_shows_blocks)
{
    allocate();
    malloc_stats();
    release();
}

// With limit:16m.
CASE(limit_includes_blocks)
{
    static char *large[64];
    for (int round = 0; round < 3; round++)
    {
        int count = 0;
        errno = 0;
        while (count < 64 && (large[count] = malloc(MEBIBYTE)) != NULL)
            count++;
        CHECK_THAT(count >= 10 && count <= 16 && errno == ENOMEM, "%d large blocks", count);
        while (count > 0)
            free(large[--count]);
    }
    static void *small[64 * 1024];
    int count = 0;
    while (count < 64 * 1024 && (small[count] = malloc(1000)) != NULL)
        count++;
    CHECK_THAT(count >= 10 * 1024 && count <= 17 * 1024, "%d small blocks", count);
    CHECK(statistics().used_bytes <= 16 * MEBIBYTE);
    while (count > 0)
        free(small[--count]);
}

CASE(growing_is_counted)
{
    quarry_statistics before = statistics();
    char *block = malloc(10);
    for (size_t size = 20; size < 4 * MEBIBYTE; size *= 2)
        CHECK((block = realloc(block, size)) != NULL);
    quarry_statistics with = statistics();
    CHECK(with.in_use_blocks == before.in_use_blocks + 1);
    CHECK(with.in_use_bytes >= before.in_use_bytes + 2 * MEBIBYTE);
    CHECK(with.in_use_bytes < before.in_use_bytes + 4 * MEBIBYTE);
    free(block);
    quarry_statistics after = statistics();
    CHECK(after.in_use_bytes == before.in_use_bytes && after.in_use_blocks == before.in_use_blocks);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
