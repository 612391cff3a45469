// Freed memory that must be available again: to the system after the decay time, and to all threads when the
// thread that owns it sleeps.
//
// By hand: LD_PRELOAD=libquarry.so QUARRY_CONF=decay_ms:100 ./purge CASE
#include "check.h"
#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>

static const size_t kib = 1024, mib = 1024 * 1024;
static const size_t peak_mib = 200;

enum { SMALL = 1000, MOST = 16 * 70000 };
static void *blocks[MOST];

static size_t fill(size_t bytes, size_t size)
{
    size_t count = bytes / size;
    CHECK(count <= MOST);
    for (size_t i = 0; i < count; i++)
    {
        CHECK((blocks[i] = malloc(size)) != NULL);
        memset(blocks[i], 1, size);
    }
    return count;
}

static void release(size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(blocks[i]);
}

// The resident size shrinks to a fifth of its peak while `call` is made now and then, for at most 3 seconds.
static void expect_purged(void (*call)(void))
{
    double end = seconds_now() + 3;
    size_t peak = status_kib("VmHWM:"), resident;
    CHECK_THAT(peak > peak_mib * kib, "%zu KiB", peak);
    do
    {
        sleep_ms(20);
        for (int i = 0; i < 1000; i++)
            call();
        resident = status_kib("VmRSS:");
    } while (resident > peak / 5 && seconds_now() < end);
    CHECK_THAT(resident <= peak / 5, "%zu KiB of %zu KiB", resident, peak);
}

static void pair(void)
{
    free(malloc(100));
}

static void pairs_of_several_sizes(void)
{
    static size_t size = 16;
    free(malloc(size = size % 3000 + 100));
}

static void resized_pair(void)
{
    free(realloc(malloc(50), 400));
}

static void cleared_pair(void)
{
    free(calloc(10, 100));
}

CASE(large_blocks_decay_under_small_pairs)
{
    release(fill(peak_mib * mib, mib));
    expect_purged(pair);
}

// Some 500 calls a second, far less than one list of free blocks. Without purging, the limit is reached.
CASE(small_blocks_decay_under_rare_pairs)
{
    release(fill(peak_mib * mib, SMALL));
    double end = seconds_now() + 30;
    size_t peak = status_kib("VmHWM:");
    while (status_kib("VmRSS:") > peak / 5 && seconds_now() < end)
    {
        sleep_ms(10);
        for (int i = 0; i < 5; i++)
            pair();
    }
    CHECK_THAT(status_kib("VmRSS:") <= peak / 5, "%zu KiB of %zu KiB", status_kib("VmRSS:"), peak);
}

CASE(small_blocks_decay_under_small_pairs)
{
    release(fill(peak_mib * mib, SMALL));
    expect_purged(pairs_of_several_sizes);
}

CASE(large_blocks_decay_under_realloc)
{
    release(fill(peak_mib * mib, 300 * kib));
    expect_purged(resized_pair);
}

CASE(medium_blocks_decay_under_calloc)
{
    release(fill(peak_mib * mib, 30 * kib));
    expect_purged(cleared_pair);
}

// One block in dozens stays in use, so that no slice is free.
static void release_most(size_t size, size_t kept)
{
    size_t count = fill(peak_mib * mib, size);
    for (size_t i = 0; i < count; i++)
        if (i % kept != 0)
            free(blocks[i]);
}

CASE(memory_between_small_blocks_decays)
{
    release_most(kib, 31);
    expect_purged(pairs_of_several_sizes);
}

CASE(memory_between_medium_blocks_decays)
{
    release_most(40 * kib, 30);
    expect_purged(pairs_of_several_sizes);
}

CASE(memory_between_blocks_returns_on_trim)
{
    release_most(kib, 31);
    release_most(20 * kib, 40);
    CHECK(malloc_trim(0) == 1);
    size_t resident = status_kib("VmRSS:");
    CHECK_THAT(resident < peak_mib / 2 * kib, "%zu KiB", resident);
    CHECK(malloc_trim(0) == 0);
}

static void *run_in_thread(void *(*routine)(void *), void *argument)
{
    pthread_t thread;
    void *result;
    CHECK(pthread_create(&thread, NULL, routine, argument) == 0);
    CHECK(pthread_join(thread, &result) == 0);
    return result;
}

static void *fill_and_release_most(void *argument)
{
    release_most(kib, 31);
    return argument;
}

CASE(memory_between_blocks_of_an_ended_thread_decays)
{
    run_in_thread(fill_and_release_most, NULL);
    expect_purged(pairs_of_several_sizes);
}

static void *fill_and_release(void *argument)
{
    release(fill(peak_mib * mib, mib));
    return argument;
}

CASE(blocks_of_an_ended_thread_decay)
{
    run_in_thread(fill_and_release, NULL);
    expect_purged(pair);
}

// Threads that do their work and then sleep until the end of the process.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static size_t done;

struct sleeper
{
    size_t first, count, size;
    int releases;
};

static void *work_and_sleep(void *argument)
{
    struct sleeper *work = argument;
    for (size_t i = work->first; i < work->first + work->count; i++)
    {
        CHECK((blocks[i] = malloc(work->size)) != NULL);
        memset(blocks[i], 1, work->size);
    }
    for (size_t i = work->first; work->releases && i < work->first + work->count; i++)
        free(blocks[i]);
    pthread_mutex_lock(&lock);
    done++;
    pthread_cond_broadcast(&changed);
    for (;;)
        pthread_cond_wait(&changed, &lock);
    return NULL;
}

// Returns when the thread sleeps.
static void start_sleeper(struct sleeper *work)
{
    pthread_t thread;
    pthread_mutex_lock(&lock);
    size_t before = done;
    CHECK(pthread_create(&thread, NULL, work_and_sleep, work) == 0);
    while (done == before)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

CASE(blocks_that_sleeping_threads_freed_decay)
{
    enum { SLEEPERS = 8 };
    static struct sleeper work[SLEEPERS];
    size_t count = peak_mib * mib / SLEEPERS / (256 * kib) + 1;
    // All of them hold their blocks at the same time, or the memory of the first would serve the last.
    for (int i = 0; i < SLEEPERS; i++)
    {
        work[i] = (struct sleeper) { .first = i * count, .count = count, .size = 256 * kib };
        start_sleeper(&work[i]);
    }
    release(SLEEPERS * count);
    expect_purged(pair);
}

enum { OWNERS = 16 };
static const size_t owned_mib = 64;

// One after the other allocates, and sleeps; this thread frees what each has allocated.
static void free_for_sleepers(void)
{
    static struct sleeper work[OWNERS];
    size_t count = owned_mib * mib / SMALL;
    for (int i = 0; i < OWNERS; i++)
    {
        work[i] = (struct sleeper) { .count = count, .size = SMALL };
        start_sleeper(&work[i]);
        release(count);
    }
}

CASE(memory_freed_for_sleeping_owners_returns_on_trim)
{
    size_t before = status_kib("VmRSS:");
    free_for_sleepers();
    malloc_trim(0);
    size_t resident = status_kib("VmRSS:");
    CHECK_THAT(resident < before + 48 * kib, "%zu KiB, then %zu KiB", before, resident);
}

CASE(memory_freed_for_sleeping_owners_serves_other_threads)
{
    free_for_sleepers();
    CHECK_THAT(status_kib("VmHWM:") < 4 * owned_mib * kib, "peak %zu KiB", status_kib("VmHWM:"));
}

static const size_t data_limit_mib = 300, freed_mib = 200, expected_mib = 150;

static void limit_data(void)
{
    struct rlimit limit = { data_limit_mib * mib, RLIM_INFINITY };
    CHECK(setrlimit(RLIMIT_DATA, &limit) == 0);
}

// An allocator may read the limit when the process starts.
static void restart_under_data_limit(void)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_DATA, &limit) == 0);
    if (limit.rlim_cur == data_limit_mib * mib)
        return;
    limit_data();
    execv("/proc/self/exe", check_argv);
    CHECK_THAT(0, "execv: %s", strerror(errno));
}

static void *count_served(void *argument)
{
    size_t *size = argument, served = 0;
    while (served < freed_mib * mib / *size && (blocks[served] = malloc(*size)) != NULL)
        memset(blocks[served++], 1, *size);
    return (void *)(served * *size / mib);
}

static void expect_served_again(size_t size, void *(*count)(void *(*)(void *), void *))
{
    struct sleeper work = { .count = freed_mib * mib / SMALL, .size = SMALL };
    start_sleeper(&work);
    release(work.count);
    size_t served = (size_t)count(count_served, &size);
    CHECK_THAT(served >= expected_mib, "%zu of %zu MiB", served, freed_mib);
}

static void *run_here(void *(*routine)(void *), void *argument)
{
    return routine(argument);
}

CASE(data_limit_leaves_what_its_owner_freed)
{
    restart_under_data_limit();
    size_t size = SMALL;
    release(fill(freed_mib * mib, SMALL));
    size_t served = (size_t)count_served(&size);
    CHECK_THAT(served >= expected_mib, "%zu of %zu MiB", served, freed_mib);
}

CASE(data_limit_leaves_what_was_freed_for_a_sleeping_owner)
{
    restart_under_data_limit();
    expect_served_again(SMALL, run_here);
}

CASE(data_limit_leaves_what_was_freed_to_a_new_thread)
{
    restart_under_data_limit();
    expect_served_again(SMALL, run_in_thread);
}

CASE(data_limit_leaves_what_was_freed_for_other_sizes)
{
    restart_under_data_limit();
    expect_served_again(20 * kib, run_here);
}

CASE(data_limit_leaves_what_was_freed_for_large_blocks)
{
    restart_under_data_limit();
    expect_served_again(mib, run_here);
}

CASE(data_limit_set_at_run_time_leaves_what_was_freed)
{
    limit_data();
    expect_served_again(SMALL, run_here);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
