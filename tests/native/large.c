// Blocks of 64 KiB to 256 MiB: growth in place, no cliff when they come and go, memory given back.
#include "check.h"
#include <malloc.h>
#include <sys/resource.h>

static const size_t kib = 1024, mib = 1024 * 1024;

static long minor_faults(void)
{
    struct rusage usage;
    CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
    return usage.ru_minflt;
}

// A word in each page: contents are told apart page by page without writing every byte.
static void stamp(char *block, size_t from, size_t to, uint64_t seed)
{
    for (size_t offset = (from + 4095) & ~(size_t)4095; offset + 8 <= to; offset += 4096)
        *(uint64_t *)(block + offset) = seed + offset;
}

static void check_stamp(const char *block, size_t from, size_t to, uint64_t seed)
{
    for (size_t offset = (from + 4095) & ~(size_t)4095; offset + 8 <= to; offset += 4096)
        CHECK_THAT(*(const uint64_t *)(block + offset) == seed + offset, "offset %zu", offset);
}

CASE(realloc_up_and_down_by_factors)
{
    size_t size = 64 * kib;
    char *block = malloc(size);
    stamp(block, 0, size, 1);
    for (int i = 0; i < 24; i++)
    {
        size_t larger = size * 3 / 2 + 1000;
        if (larger > 256 * mib)
            break;
        CHECK((block = realloc(block, larger)) != NULL);
        check_stamp(block, 0, size, 1);
        stamp(block, size, larger, 1);
        size = larger;
    }
    while (size > 64 * kib)
    {
        size_t smaller = size * 2 / 3;
        CHECK((block = realloc(block, smaller)) != NULL);
        check_stamp(block, 0, smaller, 1);
        size = smaller;
    }
    free(block);
}

CASE(blocks_that_share_huge_pages_keep_their_contents)
{
    enum { SLOTS = 12, ROUNDS = 200 };
    static char *blocks[SLOTS];
    static size_t sizes[SLOTS];
    srand(7);
    for (int round = 0; round < ROUNDS; round++)
    {
        int slot = rand() % SLOTS;
        free(blocks[slot]);
        sizes[slot] = ((size_t)(1 << rand() % 5) * mib) + (rand() % 16 * 64 * kib);
        CHECK((blocks[slot] = malloc(sizes[slot])) != NULL);
        stamp(blocks[slot], 0, sizes[slot] / 4, slot);
        blocks[slot][sizes[slot] - 1] = (char)(slot + 1);
        for (int other = 0; other < SLOTS; other++)
        {
            if (blocks[other] == NULL)
                continue;
            check_stamp(blocks[other], 0, sizes[other] / 4, other);
            CHECK(blocks[other][sizes[other] - 1] == other + 1);
        }
    }
    for (int slot = 0; slot < SLOTS; slot++)
        free(blocks[slot]);
}

CASE(shrinking_inside_a_slice_gives_memory_back)
{
    enum { COUNT = 1000 };
    static char *blocks[COUNT];
    for (int i = 0; i < COUNT; i++)
    {
        CHECK((blocks[i] = malloc(128 * kib)) != NULL);
        stamp(blocks[i], 0, 128 * kib, i);
    }
    size_t before = status_kib("VmRSS:");
    for (int i = 0; i < COUNT; i++)
        CHECK((blocks[i] = realloc(blocks[i], 67000)) != NULL);
    size_t after = status_kib("VmRSS:");
    CHECK_THAT(after < before * 2 / 3, "%zu KiB, then %zu KiB", before, after);
    for (int i = 0; i < COUNT; i++)
        check_stamp(blocks[i], 0, 67000, i);
}

CASE(realloc_by_small_steps)
{
    char *block = malloc(64 * kib);
    stamp(block, 0, 64 * kib, 3);
    for (size_t size = 64 * kib; size < 24 * mib; size += 12 * kib + 24)
    {
        CHECK((block = realloc(block, size + 12 * kib + 24)) != NULL);
        stamp(block, size, size + 12 * kib + 24, 3);
    }
    check_stamp(block, 0, 24 * mib, 3);
    free(block);
}

// Two neighbours grow in turn, so that neither can always stay where it is.
CASE(two_blocks_grow_in_turn)
{
    char *blocks[2] = { malloc(64 * kib), malloc(64 * kib) };
    size_t size = 64 * kib;
    for (int i = 0; i < 2; i++)
        stamp(blocks[i], 0, size, i);
    for (; size < 48 * mib; size += size / 5)
    {
        for (int i = 0; i < 2; i++)
        {
            size_t larger = size + size / 5;
            CHECK((blocks[i] = realloc(blocks[i], larger)) != NULL);
            check_stamp(blocks[i], 0, size, i);
            stamp(blocks[i], size, larger, i);
        }
    }
    free(blocks[0]);
    free(blocks[1]);
}

// 1 to 256 MiB by steps of 1 MiB: copying each time would touch 32 GiB, remapping touches each page once.
CASE(growth_does_not_copy)
{
    long before = minor_faults();
    char *block = malloc(mib);
    stamp(block, 0, mib, 9);
    for (size_t size = mib; size < 256 * mib; size += mib)
    {
        CHECK((block = realloc(block, size + mib)) != NULL);
        stamp(block, size, size + mib, 9);
    }
    check_stamp(block, 0, 256 * mib, 9);
    long faults = minor_faults() - before, pages = 256 * mib / 4096;
    CHECK_THAT(faults < pages * 2, "%ld faults for %ld pages", faults, pages);
    CHECK_THAT(status_kib("VmHWM:") < 400 * kib, "peak %zu KiB", status_kib("VmHWM:"));
    free(block);
}

// A buffer that grows in the memory of the one that was freed before it needs no more.
CASE(growing_blocks_follow_each_other)
{
    void *between[4];
    for (int round = 0; round < 4; round++)
    {
        size_t size = 4 * kib, more;
        char *block = malloc(size);
        for (; size < 64 * mib; size += more)
        {
            more = round % 2 ? 64 * kib : size / 2;
            CHECK((block = realloc(block, size + more)) != NULL);
            stamp(block, size, size + more, round);
        }
        free(block);
        CHECK((between[round] = malloc(70 * kib)) != NULL);
    }
    CHECK_THAT(status_kib("VmHWM:") < 110 * kib, "peak %zu KiB", status_kib("VmHWM:"));
    for (int round = 0; round < 4; round++)
        free(between[round]);
}

CASE(shrinking_gives_memory_back)
{
    size_t before = status_kib("VmRSS:");
    char *block = malloc(200 * mib);
    stamp(block, 0, 200 * mib, 1);
    CHECK((block = realloc(block, mib)) != NULL);
    check_stamp(block, 0, mib, 1);
    malloc_trim(0);
    CHECK_THAT(status_kib("VmRSS:") < before + 16 * kib, "%zu KiB", status_kib("VmRSS:"));
    free(block);
}

// Run under `strace -c` as well, which counts the system calls; hence the few touched pages.
CASE(churn_of_1_to_32_mib)
{
    enum { LIVE = 8 };
    char *blocks[LIVE] = { 0 };
    size_t sizes[LIVE] = { 0 };
    uint64_t state = 12;
    for (int i = 0; i < 10000; i++)
    {
        int slot = random_next(&state) % LIVE;
        if (blocks[slot] != NULL)
            CHECK(blocks[slot][0] == (char)slot && blocks[slot][sizes[slot] - 1] == (char)slot);
        free(blocks[slot]);
        sizes[slot] = mib + random_next(&state) % (31 * mib);
        CHECK((blocks[slot] = malloc(sizes[slot])) != NULL);
        blocks[slot][0] = blocks[slot][sizes[slot] - 1] = (char)slot;
    }
    for (int slot = 0; slot < LIVE; slot++)
        free(blocks[slot]);
}

CASE(churn_of_touched_blocks_is_bounded)
{
    enum { LIVE = 8 };
    char *blocks[LIVE] = { 0 };
    uint64_t state = 13;
    for (int i = 0; i < 600; i++)
    {
        int slot = random_next(&state) % LIVE;
        free(blocks[slot]);
        size_t size = mib + random_next(&state) % (31 * mib);
        CHECK((blocks[slot] = malloc(size)) != NULL);
        stamp(blocks[slot], 0, size, i);
    }
    for (int slot = 0; slot < LIVE; slot++)
        free(blocks[slot]);
    CHECK_THAT(status_kib("VmHWM:") < 512 * kib, "peak %zu KiB", status_kib("VmHWM:"));
}

// One block again and again: its pages stay warm, they do not go to the kernel and back each time.
CASE(same_size_again_and_again_keeps_its_pages)
{
    const size_t size = 8 * mib;
    const int rounds = 300;
    long before = minor_faults();
    for (int i = 0; i < rounds; i++)
    {
        char *block = malloc(size);
        CHECK(block != NULL);
        stamp(block, 0, size, i);
        free(block);
    }
    long faults = minor_faults() - before, all = rounds * (long)(size / 4096);
    CHECK_THAT(faults < all / 4, "%ld faults of %ld", faults, all);
}

CASE(freed_memory_returns_on_trim)
{
    enum { BLOCKS = 40 };
    char *blocks[BLOCKS];
    size_t before = status_kib("VmRSS:");
    for (int i = 0; i < BLOCKS; i++)
    {
        size_t size = 64 * kib << i % 8;
        blocks[i] = malloc(size);
        stamp(blocks[i], 0, size, i);
    }
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    malloc_trim(0);
    CHECK_THAT(status_kib("VmRSS:") < before + 8 * kib, "%zu KiB, then %zu KiB", before,
        status_kib("VmRSS:"));
}

static void touch_and_free(void)
{
    enum { BLOCKS = 20000, LARGE = 16 };
    static char *blocks[BLOCKS], *large[LARGE];
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = memset(malloc(2000), 1, 2000);
    for (int i = 0; i < LARGE; i++)
        stamp(large[i] = malloc(4 * mib), 0, 4 * mib, i);
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    for (int i = 0; i < LARGE; i++)
        free(large[i]);
}

// A few calls that an idle program makes now and then: the heap has no thread of its own to notice the time.
static void linger(unsigned milliseconds)
{
    for (unsigned i = 0; i < 20; i++)
    {
        sleep_ms(milliseconds / 20);
        for (int k = 0; k < 10; k++)
            free(malloc(100 + k * 100));
        free(malloc(2 * mib));
    }
}

// Run with QUARRY_CONF=decay_ms:50.
CASE(dirty_pages_decay)
{
    size_t before = status_kib("VmRSS:");
    touch_and_free();
    linger(600);
    CHECK_THAT(status_kib("VmRSS:") < before + 24 * kib, "%zu KiB, then %zu KiB", before,
        status_kib("VmRSS:"));
}

// Run with QUARRY_CONF=decay_ms:0.
CASE(dirty_pages_go_at_once)
{
    size_t before = status_kib("VmRSS:");
    touch_and_free();
    CHECK_THAT(status_kib("VmRSS:") < before + 24 * kib, "%zu KiB, then %zu KiB", before,
        status_kib("VmRSS:"));
}

// Run with QUARRY_CONF=decay_ms:-1.
CASE(dirty_pages_stay)
{
    touch_and_free();
    size_t warm = status_kib("VmRSS:");
    linger(300);
    touch_and_free();
    CHECK_THAT(status_kib("VmRSS:") + 16 * kib > warm, "%zu KiB, then %zu KiB", warm, status_kib("VmRSS:"));
}

CASE(many_live_blocks)
{
    enum { BLOCKS = 4000 };
    static char *blocks[BLOCKS];
    static size_t sizes[BLOCKS];
    uint64_t state = 77;
    for (int i = 0; i < BLOCKS; i++)
    {
        sizes[i] = 64 * kib + random_next(&state) % mib;
        CHECK((blocks[i] = malloc(sizes[i])) != NULL);
        pattern_fill(blocks[i], 64, i);
        pattern_fill(blocks[i] + sizes[i] - 64, 64, i);
    }
    for (int i = 0; i < 2 * BLOCKS; i++)
    {
        int index = random_next(&state) % BLOCKS;
        if (blocks[index] == NULL)
            continue;
        CHECK(pattern_holds(blocks[index], 64, index));
        CHECK(pattern_holds(blocks[index] + sizes[index] - 64, 64, index));
        free(blocks[index]);
        blocks[index] = NULL;
    }
    for (int i = 0; i < BLOCKS; i++)
    {
        if (blocks[i] != NULL)
            CHECK(pattern_holds(blocks[i], 64, i) && pattern_holds(blocks[i] + sizes[i] - 64, 64, i));
        free(blocks[i]);
    }
}

CASE(large_calloc_is_zero_without_touching)
{
    long before = minor_faults();
    char *block = calloc(1, 256 * mib);
    CHECK(block != NULL);
    CHECK_THAT(minor_faults() - before < 2000, "%ld faults", minor_faults() - before);
    for (size_t offset = 0; offset < 256 * mib; offset += mib)
        CHECK(block[offset] == 0);
    free(block);
}

CASE(large_calloc_is_zero_after_use)
{
    for (size_t size = 100 * kib; size < 64 * mib; size = size * 5 / 3)
    {
        for (int i = 0; i < 3; i++)
        {
            char *block = calloc(1, size);
            CHECK_THAT(block != NULL && all_zero(block, size), "%zu bytes", size);
            memset(block, 0xee, size);
            free(block);
        }
    }
}

// Address space is returned or used again: it does not grow with the number of rounds.
CASE(address_space_is_bounded)
{
    size_t early = 0;
    for (int i = 0; i < 20000; i++)
    {
        void *aligned = NULL;
        CHECK(posix_memalign(&aligned, (size_t)1 << (12 + i % 14), 3 * mib) == 0);
        char *block = malloc(mib + i % 64 * 300 * kib);
        CHECK(block != NULL);
        block[0] = 1;
        *(char *)aligned = 1;
        free(aligned);
        free(block);
        if (i == 2000)
            early = status_kib("VmSize:");
    }
    CHECK_THAT(status_kib("VmSize:") < early + 128 * kib, "%zu KiB, then %zu KiB", early,
        status_kib("VmSize:"));
}

CASE(untouched_memory_costs_nothing)
{
    char *block = malloc(1024 * mib);
    CHECK(block != NULL);
    block[0] = block[512 * mib] = block[1024 * mib - 1] = 1;
    CHECK((block = realloc(block, 1536 * mib)) != NULL);
    CHECK(block[0] == 1 && block[512 * mib] == 1 && block[1024 * mib - 1] == 1);
    free(block);
    CHECK_THAT(status_kib("VmHWM:") < 200 * kib, "peak %zu KiB", status_kib("VmHWM:"));
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
