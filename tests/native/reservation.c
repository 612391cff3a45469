// Address space that the heap reserves: it must leave room for others under a limit that the program sets for
// itself, the limit must hold, and locking all memory must not make the reservation resident.
//
// By hand: LD_PRELOAD=libquarry.so ./reservation CASE
#include "check.h"
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>

static const size_t kib = 1024, mib = 1024 * 1024;
static const size_t limit_mib = 2048;

static void limit(int resource, rlim_t bytes)
{
    struct rlimit limits;
    CHECK(getrlimit(resource, &limits) == 0);
    limits.rlim_cur = bytes;
    if (limits.rlim_max < bytes)
        limits.rlim_max = bytes;
    if (setrlimit(resource, &limits) != 0)
        SKIP("setrlimit: %s", strerror(errno));
}

static void some_use(void)
{
    enum { BLOCKS = 2000 };
    void *blocks[BLOCKS];
    uint64_t state = 17;
    for (int i = 0; i < BLOCKS; i++)
    {
        size_t size = random_size(&state, 18);
        CHECK((blocks[i] = malloc(size)) != NULL);
        pattern_fill(blocks[i], size < 64 ? size : 64, i);
    }
    for (int i = 0; i < BLOCKS; i += 2)
        free(blocks[i]);
}

static void *use_in_thread(void *argument)
{
    some_use();
    return argument;
}

static void start_threads(int count)
{
    pthread_t threads[64];
    for (int i = 0; i < count; i++)
    {
        int error = pthread_create(&threads[i], NULL, use_in_thread, NULL);
        CHECK_THAT(error == 0, "thread %d: %s", i, strerror(error));
    }
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

static void map(size_t bytes)
{
    void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK_THAT(pages != MAP_FAILED, "%zu MiB: %s", bytes / mib, strerror(errno));
    CHECK(munmap(pages, bytes) == 0);
}

// The ordinary way of a job that limits itself, in a process that has allocated before.
CASE(limit_set_at_run_time_leaves_room_for_threads)
{
    some_use();
    limit(RLIMIT_AS, limit_mib * mib);
    start_threads(8);
}

CASE(limit_set_at_run_time_leaves_room_for_mappings)
{
    some_use();
    limit(RLIMIT_AS, limit_mib * mib);
    for (int i = 0; i < 10; i++)
        map(mib);
    map(limit_mib / 4 * mib);
}

CASE(limit_set_by_several_threads_leaves_room)
{
    start_threads(8);
    limit(RLIMIT_AS, limit_mib * mib);
    start_threads(8);
    map(limit_mib / 4 * mib);
}

static _Atomic size_t served;

// Blocks are never freed and hardly touched; an allocator that ignores the limit is stopped well above it.
static void *allocate_until_refused(void *argument)
{
    size_t size = *(size_t *)argument;
    while (atomic_fetch_add(&served, size) < 2 * limit_mib * mib)
    {
        errno = 0;
        char *block = malloc(size);
        if (block == NULL)
        {
            CHECK_THAT(errno == ENOMEM, "errno %d", errno);
            atomic_fetch_sub(&served, size);
            return NULL;
        }
        block[0] = 1;
    }
    return argument;
}

static void expect_limited(int refused)
{
    size_t total = atomic_load(&served) / mib;
    CHECK_THAT(refused && total <= limit_mib, "%zu MiB served under a limit of %zu MiB", total, limit_mib);
    CHECK_THAT(total >= limit_mib / 4, "%zu MiB served under a limit of %zu MiB", total, limit_mib);
}

static void expect_limited_in_blocks(size_t size)
{
    some_use();
    limit(RLIMIT_AS, limit_mib * mib);
    expect_limited(allocate_until_refused(&size) == NULL);
}

CASE(limit_set_at_run_time_holds_for_large_blocks)
{
    expect_limited_in_blocks(mib);
}

CASE(limit_set_at_run_time_holds_for_huge_blocks)
{
    expect_limited_in_blocks(100 * mib);
}

CASE(limit_set_at_run_time_holds_for_small_blocks)
{
    expect_limited_in_blocks(40 * kib);
}

CASE(limit_set_at_run_time_holds_for_threads)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    pthread_attr_t attributes;
    size_t size = 500 * kib;
    int refused = 1;
    some_use();
    limit(RLIMIT_AS, limit_mib * mib);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * kib);
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], &attributes, allocate_until_refused, &size) == 0);
    for (int i = 0; i < THREADS; i++)
    {
        void *result;
        pthread_join(threads[i], &result);
        refused &= result == NULL;
    }
    expect_limited(refused);
}

CASE(limit_that_is_lifted_again_holds_no_longer)
{
    size_t size = mib;
    some_use();
    limit(RLIMIT_AS, limit_mib * mib);
    allocate_until_refused(&size);
    limit(RLIMIT_AS, RLIM_INFINITY);
    for (size_t i = 0; i < limit_mib; i++)
    {
        char *block = malloc(mib);
        CHECK_THAT(block != NULL, "%zu MiB", i);
        block[0] = 1;
    }
}

static const size_t resident_mib = 24;

static void lock_all(void)
{
    if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
        SKIP("mlockall is not permitted: %s", strerror(errno));
}

static void expect_small(size_t most_mib)
{
    CHECK_THAT(status_kib("VmRSS:") < most_mib * kib, "%zu KiB", status_kib("VmRSS:"));
}

CASE(locked_program_stays_small)
{
    free(malloc(100));
    lock_all();
    // A few blocks of each of several sizes: 1 MiB together.
    for (size_t size = 16; size <= 64 * kib; size *= 2)
    {
        for (int i = 0; i < 8; i++)
            CHECK(malloc(size) != NULL);
    }
    expect_small(resident_mib);
}

CASE(program_locked_before_its_first_allocation_stays_small)
{
    lock_all();
    free(malloc(100));
    expect_small(resident_mib);
}

// A block of one page whose alignment is large must not make the pages around it resident.
CASE(locked_aligned_blocks_stay_small)
{
    lock_all();
    size_t before = status_kib("VmRSS:") / kib, total = 0;
    for (size_t alignment = 64 * kib; alignment <= 64 * mib; alignment *= 2)
    {
        for (int i = 0; i < 2; i++, total += 4 * kib)
        {
            char *block = NULL;
            CHECK(posix_memalign((void **)&block, alignment, 4 * kib) == 0);
            CHECK((uintptr_t)block % alignment == 0);
            memset(block, 1, 4 * kib);
        }
    }
    expect_small(before + 2 * total / mib + resident_mib);
}

// Without the privilege, locked address space counts against a limit.
CASE(memory_is_locked_without_privilege)
{
    free(malloc(100));
    limit(RLIMIT_MEMLOCK, limit_mib * mib);
    if (setuid(65534) != 0)
        SKIP("setuid: %s", strerror(errno));
    CHECK_THAT(mlockall(MCL_CURRENT | MCL_FUTURE) == 0, "%s", strerror(errno));
    for (int i = 0; i < 8; i++)
    {
        char *block = malloc(mib);
        CHECK(block != NULL);
        block[0] = 1;
    }
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
