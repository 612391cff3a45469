// The most that one call of malloc or free may have to do, whatever the heap looks like.
//
// By hand: LD_PRELOAD=libquarry.so QUARRY_CONF=decay_ms:100 ./latency CASE
// Instructions of the cases among holes:
//   LD_PRELOAD=libquarry.so valgrind --tool=callgrind --toggle-collect=counted ./latency CASE HOLES ROUNDS
#include "check.h"
#include <malloc.h>

static const size_t kib = 1024, mib = 1024 * 1024;

// Touched, freed, and due to return to the system; a call may return this much of it at most.
static const size_t freed_mib = 1024, most_mib = 16;

enum { MOST_BLOCKS = 1 << 20 };
static char *blocks[MOST_BLOCKS];

static int statm = -1;

// Needs no memory, as it is called after every call of the heap.
static size_t resident(void)
{
    char text[128];
    if (statm < 0)
        CHECK((statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)) >= 0);
    ssize_t length = pread(statm, text, sizeof text - 1, 0);
    CHECK(length > 0);
    text[length] = 0;
    const char *second = strchr(text, ' ');
    CHECK(second != NULL);
    return strtoul(second + 1, NULL, 10) * 4096;
}

static size_t allocate(size_t size)
{
    size_t count = freed_mib * mib / size;
    CHECK(count <= MOST_BLOCKS);
    for (size_t i = 0; i < count; i++)
    {
        CHECK((blocks[i] = malloc(size)) != NULL);
        for (size_t offset = 0; offset < size; offset += 4096)
            blocks[i][offset] = 1;
        blocks[i][size - 1] = 1;
    }
    return count;
}

static size_t last, largest_step;

static void note_step(void)
{
    size_t now = resident();
    if (last > now && last - now > largest_step)
        largest_step = last - now;
    last = now;
}

// Frees all blocks, or every second one; the steps are noted about once a mebibyte.
static void release(size_t count, size_t every, size_t size)
{
    size_t freed = 0;
    for (size_t i = 0; i < count; i += every)
    {
        free(blocks[i]);
        freed += size;
        if (freed >= mib)
        {
            note_step();
            freed = 0;
        }
    }
}

// Small blocks come and go for 3 seconds at most, until the memory has returned in steps.
static void expect_small_steps(size_t left_mib)
{
    double end = seconds_now() + 3;
    do
    {
        sleep_ms(1);
        for (int i = 0; i < 20; i++)
        {
            size_t size = 100 + i * 150;
            void *block = malloc(size);
            note_step();
            free(block);
            note_step();
        }
        void *large = malloc(mib);
        note_step();
        free(large);
        note_step();
    } while (resident() > left_mib * mib && seconds_now() < end);
    CHECK_THAT(largest_step <= most_mib * mib, "one call returned %zu MiB", largest_step / mib);
    CHECK_THAT(resident() <= left_mib * mib, "%zu MiB are left", resident() / mib);
}

static void purge(size_t size, size_t every)
{
    size_t count = allocate(size);
    last = resident();
    CHECK_THAT(last >= freed_mib * mib, "%zu MiB", last / mib);
    release(count, every, size);
    expect_small_steps(freed_mib - freed_mib / every + freed_mib / 4);
}

CASE(large_blocks_return_in_steps)
{
    purge(mib, 1);
}

CASE(small_blocks_return_in_steps)
{
    purge(2000, 1);
}

CASE(scattered_blocks_return_in_steps)
{
    purge(100 * kib, 2);
}

static size_t number(int index)
{
    return strtoul(check_argument(index, "100"), NULL, 10);
}

// Holes of 70000 bytes between blocks in use; none of them is touched.
static void make_holes(size_t holes)
{
    CHECK(2 * holes <= MOST_BLOCKS);
    for (size_t i = 0; i < 2 * holes; i++)
        CHECK((blocks[i] = malloc(70000)) != NULL);
    for (size_t i = 0; i < 2 * holes; i += 2)
        free(blocks[i]);
}

static void large_pair(void)
{
    free(malloc(400000));
}

static void aligned_pair(void)
{
    void *block = NULL;
    CHECK(posix_memalign(&block, 256 * kib, 300000) == 0);
    free(block);
}

// Of another length each time, so that nothing is gained by the end of the last search.
static void large_pair_of_another_size(void)
{
    static size_t round;
    round++;
    free(malloc(300000 + round * 65536));
}

// Several pages are taken and released each time.
static void pages_of_medium_blocks(void)
{
    void *medium[40];
    for (int i = 0; i < 40; i++)
        CHECK((medium[i] = malloc(30000)) != NULL);
    for (int i = 0; i < 40; i++)
        free(medium[i]);
}

// The only function whose instructions are counted.
__attribute__((noinline)) void counted(void (*round)(void), size_t rounds);
void counted(void (*round)(void), size_t rounds)
{
    for (; rounds > 0; rounds--)
        round();
}

static void among_holes(void (*round)(void))
{
    make_holes(number(0));
    // An allocator may sort the holes once.
    for (int i = 0; i < 5; i++)
        round();
    counted(round, number(1));
}

// No hole is large enough for these.
CASE(large_pairs_among_holes)
{
    among_holes(large_pair);
}

CASE(large_pairs_of_many_sizes_among_holes)
{
    among_holes(large_pair_of_another_size);
}

CASE(aligned_pairs_among_holes)
{
    among_holes(aligned_pair);
}

CASE(pages_of_medium_blocks_among_holes)
{
    among_holes(pages_of_medium_blocks);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
