// Many threads on one heap: contents under stress, memory of ended threads, threads that end badly.
#include "check.h"
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>

enum { WORKERS = 4, SHARED = 512, LOCAL = 512 };

static double stress_end;

// The first words of a block that travels through shared slots; the pattern follows.
struct parcel
{
    uint64_t size;
    uint64_t seed;
};

static _Atomic(struct parcel *) shared[SHARED];

static pthread_t start(void *(*routine)(void *), void *argument)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, routine, argument);
    CHECK_THAT(error == 0, "pthread_create: %s", strerror(error));
    return thread;
}

static void *as_pointer(uint64_t value)
{
    return (void *)(uintptr_t)value;
}

static void *allocate(uint64_t *state, size_t size)
{
    void *block = NULL;
    switch (random_next(state) % 8)
    {
    case 0:
        block = calloc(1, size);
        CHECK(block == NULL || all_zero(block, size));
        break;
    case 1:
    {
        size_t alignment = (size_t)8 << random_next(state) % 10;
        int error = posix_memalign(&block, alignment, size);
        CHECK_THAT(error == 0 && (uintptr_t)block % alignment == 0, "%p, size %zu, alignment %zu, error %d",
            block, size, alignment, error);
        break;
    }
    default:
        block = malloc(size);
        break;
    }
    CHECK_THAT(block != NULL, "%zu bytes", size);
    CHECK((uintptr_t)block % (size > 8 ? 16 : 8) == 0);
    return block;
}

static struct parcel *parcel_new(uint64_t *state, unsigned bits)
{
    size_t size = sizeof(struct parcel) + random_size(state, bits);
    struct parcel *parcel = allocate(state, size);
    parcel->size = size;
    parcel->seed = random_next(state);
    pattern_fill(parcel + 1, size - sizeof *parcel, parcel->seed);
    return parcel;
}

static void parcel_check(const struct parcel *parcel)
{
    CHECK_THAT(pattern_holds(parcel + 1, parcel->size - sizeof *parcel, parcel->seed), "%p of %zu bytes",
        (const void *)parcel, (size_t)parcel->size);
}

static void parcel_free(struct parcel *parcel)
{
    if (parcel == NULL)
        return;
    parcel_check(parcel);
    free(parcel);
}

static void parcel_exchange(struct parcel *parcel, size_t slot)
{
    parcel_free(atomic_exchange(&shared[slot % SHARED], parcel));
}

// One worker: its own blocks with sizes from 1 byte, parcels given to and taken from the others.
static void *stress_worker(void *argument)
{
    uint64_t state = 0x1234567 + (uintptr_t)argument * 7919;
    struct { unsigned char *block; size_t size; uint64_t seed; } local[LOCAL] = { 0 };
    for (uint64_t step = 0; step % 256 != 0 || seconds_now() < stress_end; step++)
    {
        size_t index = random_next(&state) % LOCAL;
        if (random_next(&state) % 4 == 0)
            parcel_exchange(parcel_new(&state, 20), random_next(&state));
        if (local[index].block == NULL)
        {
            local[index].size = random_size(&state, 20);
            local[index].block = allocate(&state, local[index].size);
        }
        else
        {
            CHECK(pattern_holds(local[index].block, local[index].size, local[index].seed));
            if (random_next(&state) % 3 == 0)
            {
                size_t size = random_size(&state, 20);
                size_t kept = size < local[index].size ? size : local[index].size;
                CHECK((local[index].block = realloc(local[index].block, size)) != NULL);
                CHECK(pattern_holds(local[index].block, kept, local[index].seed));
                local[index].size = size;
            }
            else
            {
                free(local[index].block);
                local[index].block = NULL;
                continue;
            }
        }
        local[index].seed = random_next(&state);
        pattern_fill(local[index].block, local[index].size, local[index].seed);
    }
    for (size_t i = 0; i < LOCAL; i++)
    {
        CHECK(local[i].block == NULL || pattern_holds(local[i].block, local[i].size, local[i].seed));
        free(local[i].block);
    }
    return NULL;
}

static void empty_shared(void)
{
    for (size_t i = 0; i < SHARED; i++)
        parcel_exchange(NULL, i);
}

CASE(contents_under_stress)
{
    pthread_t threads[WORKERS];
    stress_end = seconds_now() + atof(check_argument(0, "3"));
    for (uint64_t i = 0; i < WORKERS; i++)
        threads[i] = start(stress_worker, as_pointer(i));
    for (int i = 0; i < WORKERS; i++)
        pthread_join(threads[i], NULL);
    empty_shared();
}

// Workers come and go while parcels of the gone ones are still in the slots.
CASE(contents_with_threads_coming_and_going)
{
    double end = seconds_now() + atof(check_argument(0, "3"));
    for (uint64_t round = 0; seconds_now() < end; round++)
    {
        pthread_t threads[WORKERS];
        stress_end = seconds_now() + 0.02;
        for (uint64_t i = 0; i < WORKERS; i++)
            threads[i] = start(stress_worker, as_pointer(round * WORKERS + i));
        for (int i = 0; i < WORKERS; i++)
            pthread_join(threads[i], NULL);
    }
    empty_shared();
    CHECK_THAT(status_kib("VmHWM:") < 512 * 1024, "peak %zu KiB", status_kib("VmHWM:"));
}

enum { RING = 1024, ITEMS = 400000 };
static _Atomic(struct parcel *) ring[RING];

static void *producer(void *argument)
{
    uint64_t state = 99;
    (void)argument;
    for (size_t i = 0; i < ITEMS; i++)
    {
        struct parcel *parcel = parcel_new(&state, 12);
        while (atomic_load_explicit(&ring[i % RING], memory_order_acquire) != NULL)
            sched_yield();
        atomic_store_explicit(&ring[i % RING], parcel, memory_order_release);
    }
    return NULL;
}

// One thread only allocates, the other only frees: memory must flow back.
CASE(producer_and_consumer)
{
    pthread_t thread = start(producer, NULL);
    for (size_t i = 0; i < ITEMS; i++)
    {
        struct parcel *parcel;
        while ((parcel = atomic_load_explicit(&ring[i % RING], memory_order_acquire)) == NULL)
            sched_yield();
        atomic_store_explicit(&ring[i % RING], NULL, memory_order_release);
        parcel_free(parcel);
    }
    pthread_join(thread, NULL);
    CHECK_THAT(status_kib("VmHWM:") < 64 * 1024, "peak %zu KiB", status_kib("VmHWM:"));
}

static void *remote_realloc(void *argument)
{
    uint64_t state = (uintptr_t)argument + 1;
    for (int i = 0; i < 30000; i++)
    {
        size_t slot = random_next(&state) % SHARED;
        struct parcel *parcel = atomic_exchange(&shared[slot], NULL);
        if (parcel == NULL)
            parcel = parcel_new(&state, 16);
        size_t size = sizeof *parcel + random_size(&state, 16), old = parcel->size;
        uint64_t seed = parcel->seed;
        CHECK((parcel = realloc(parcel, size)) != NULL);
        size_t kept = (size < old ? size : old) - sizeof *parcel;
        CHECK(parcel->seed == seed && pattern_holds(parcel + 1, kept, seed));
        parcel->size = size;
        pattern_fill(parcel + 1, size - sizeof *parcel, seed);
        parcel_exchange(parcel, slot);
    }
    return NULL;
}

CASE(realloc_of_other_threads_blocks)
{
    pthread_t threads[WORKERS];
    for (uint64_t i = 0; i < WORKERS; i++)
        threads[i] = start(remote_realloc, as_pointer(i));
    for (int i = 0; i < WORKERS; i++)
        pthread_join(threads[i], NULL);
    empty_shared();
}

// About 300 KiB, most of it freed by this thread, a few blocks left for others.
static void *short_life(void *argument)
{
    enum { BLOCKS = 300 };
    uint64_t state = (uintptr_t)argument * 31 + 1;
    struct parcel *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = parcel_new(&state, i % 50 == 0 ? 16 : 11);
    for (int i = 0; i < BLOCKS; i++)
    {
        if (i % 64 == 0)
            parcel_exchange(blocks[i], random_next(&state));
        else
            parcel_free(blocks[i]);
    }
    return NULL;
}

CASE(thousands_of_short_threads)
{
    enum { ALIVE = 50, THREADS = 2000 };
    pthread_t threads[ALIVE];
    for (uint64_t i = 0; i < THREADS + ALIVE; i++)
    {
        if (i >= ALIVE)
            pthread_join(threads[i % ALIVE], NULL);
        if (i < THREADS)
            threads[i % ALIVE] = start(short_life, as_pointer(i));
    }
    empty_shared();
    CHECK_THAT(status_kib("VmHWM:") < 128 * 1024, "peak %zu KiB", status_kib("VmHWM:"));
}

static void *detached_life(void *argument)
{
    short_life(argument);
    atomic_fetch_add((_Atomic int *)argument, 1);
    return NULL;
}

CASE(detached_threads)
{
    enum { THREADS = 1000, ALIVE = 32 };
    static _Atomic int ended;
    for (int i = 0; i < THREADS; i++)
    {
        pthread_detach(start(detached_life, &ended));
        while (i - atomic_load(&ended) >= ALIVE)
            sched_yield();
    }
    while (atomic_load(&ended) < THREADS)
        sched_yield();
    empty_shared();
    CHECK_THAT(status_kib("VmHWM:") < 128 * 1024, "peak %zu KiB", status_kib("VmHWM:"));
}

static pthread_barrier_t barrier;

static void *stand_by(void *argument)
{
    uint64_t state = (uintptr_t)argument + 17;
    struct parcel *first = parcel_new(&state, 12);
    pthread_barrier_wait(&barrier);
    struct parcel *second = parcel_new(&state, 12);
    parcel_free(first);
    pthread_barrier_wait(&barrier);
    return second;
}

CASE(many_threads_at_once)
{
    enum { THREADS = 400 };
    static pthread_t threads[THREADS];
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 128 * 1024);
    pthread_barrier_init(&barrier, NULL, THREADS);
    for (uint64_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], &attributes, stand_by, as_pointer(i)) == 0);
    for (int i = 0; i < THREADS; i++)
    {
        void *left;
        pthread_join(threads[i], &left);
        parcel_free(left);
    }
}

enum { HEIRS = 2000 };
static struct parcel *inheritance[HEIRS];

static void *leave_everything(void *argument)
{
    uint64_t state = (uintptr_t)argument + 1;
    for (int i = 0; i < HEIRS; i++)
        inheritance[i] = parcel_new(&state, 13);
    return NULL;
}

// 200 owners end before their blocks are freed by another: 2 MiB each, none may be lost.
CASE(blocks_freed_after_their_owner_ended)
{
    for (uint64_t round = 0; round < 200; round++)
    {
        pthread_join(start(leave_everything, as_pointer(round)), NULL);
        for (int i = 0; i < HEIRS; i++)
            parcel_free(inheritance[(i * 7) % HEIRS]);
    }
    CHECK_THAT(status_kib("VmHWM:") < 64 * 1024, "peak %zu KiB", status_kib("VmHWM:"));
}

enum { KEYS = 4 };
static pthread_key_t keys[KEYS];
static _Atomic int destructor_calls;

// Frees what the round before left, allocates for the next one until the C library gives up.
static void key_destructor(void *value)
{
    uint64_t state = atomic_fetch_add(&destructor_calls, 1) + 1;
    struct parcel *old = value;
    size_t key = old->seed % KEYS;
    parcel_free(old);
    struct parcel *temporary = parcel_new(&state, 14);
    static _Thread_local int rounds;
    if (rounds++ < 3 * KEYS)
    {
        struct parcel *next = parcel_new(&state, 14);
        next->seed = next->seed / KEYS * KEYS + key;
        pattern_fill(next + 1, next->size - sizeof *next, next->seed);
        pthread_setspecific(keys[key], next);
    }
    parcel_free(temporary);
}

static void *keyed_life(void *argument)
{
    uint64_t state = (uintptr_t)argument + 5;
    for (size_t key = 0; key < KEYS; key++)
    {
        struct parcel *parcel = parcel_new(&state, 14);
        parcel->seed = parcel->seed / KEYS * KEYS + key;
        pattern_fill(parcel + 1, parcel->size - sizeof *parcel, parcel->seed);
        pthread_setspecific(keys[key], parcel);
    }
    return short_life(argument);
}

static void run_keyed_threads(void)
{
    enum { ALIVE = 16, THREADS = 1000 };
    pthread_t threads[ALIVE];
    for (uint64_t i = 0; i < THREADS + ALIVE; i++)
    {
        if (i >= ALIVE)
            pthread_join(threads[i % ALIVE], NULL);
        if (i < THREADS)
            threads[i % ALIVE] = start(keyed_life, as_pointer(i));
    }
    empty_shared();
    CHECK_THAT(atomic_load(&destructor_calls) >= THREADS * KEYS * 3, "%d calls",
        atomic_load(&destructor_calls));
    CHECK_THAT(status_kib("VmHWM:") < 128 * 1024, "peak %zu KiB", status_kib("VmHWM:"));
}

CASE(key_destructors_allocate_and_free)
{
    for (int key = 0; key < KEYS; key++)
        CHECK(pthread_key_create(&keys[key], key_destructor) == 0);
    run_keyed_threads();
}

// So many keys that the values of the last ones lie in memory that the C library allocates itself.
CASE(key_destructors_beyond_the_first_block_of_keys)
{
    pthread_key_t unused;
    for (int key = 0; key < 200; key++)
        CHECK(pthread_key_create(&unused, NULL) == 0);
    for (int key = 0; key < KEYS; key++)
        CHECK(pthread_key_create(&keys[key], key_destructor) == 0);
    run_keyed_threads();
}

// A program that has taken every key leaves none to the allocator that comes late.
CASE(no_key_left)
{
    pthread_key_t key;
    while (pthread_key_create(&key, NULL) == 0)
        continue;
    for (uint64_t i = 0; i < 1000; i++)
        pthread_join(start(short_life, as_pointer(i)), NULL);
    empty_shared();
    CHECK_THAT(status_kib("VmHWM:") < 128 * 1024, "peak %zu KiB", status_kib("VmHWM:"));
}

static void *small_stack_life(void *argument)
{
    (void)argument;
    for (size_t size = 1; size < 5000000; size = size * 2 + 1)
    {
        char *block = malloc(size);
        CHECK(block != NULL);
        block[size - 1] = 1;
        CHECK((block = realloc(block, size * 2)) != NULL);
        free(block);
    }
    return NULL;
}

CASE(smallest_stack)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    CHECK(pthread_attr_setstacksize(&attributes, sysconf(_SC_THREAD_STACK_MIN)) == 0);
    for (int i = 0; i < 20; i++)
    {
        CHECK(pthread_create(&thread, &attributes, small_stack_life, NULL) == 0);
        pthread_join(thread, NULL);
    }
}

// Victims of a sudden end. Their slots outlive them: a block is published only when complete and withdrawn
// before it is freed, so whatever is in a slot is whole, wherever the victim was stopped.
enum { HELD = 256 };
static _Atomic(struct parcel *) estate[HELD];
static _Atomic int armed;
static _Thread_local int killable;

static void *victim_work(void *argument)
{
    uint64_t state = (uintptr_t)argument * 77 + 3;
    killable = 1;
    atomic_store(&armed, 1);
    for (;;)
    {
        size_t slot = random_next(&state) % HELD;
        struct parcel *old = atomic_exchange(&estate[slot], NULL);
        if (random_next(&state) % 8 == 0)
            parcel_exchange(old, random_next(&state));
        else
            parcel_free(old);
        atomic_store(&estate[slot], parcel_new(&state, slot == 0 ? 18 : 14));
    }
    return NULL;
}

static void end_at_once(int signal)
{
    (void)signal;
    if (killable)
        syscall(SYS_exit, 0);
}

static void wait_for_victim(uint64_t *state)
{
    while (!atomic_load(&armed))
        sched_yield();
    double end = seconds_now() + random_next(state) % 1500 * 1e-6;
    while (seconds_now() < end)
        continue;
    atomic_store(&armed, 0);
}

static void settle_estate(void)
{
    for (int i = 0; i < HELD; i++)
        parcel_free(atomic_exchange(&estate[i], NULL));
}

static void end_victims(void *(*work)(void *), void (*end)(pthread_t), uint64_t victims)
{
    pthread_t others[2];
    uint64_t state = 4711;
    stress_end = seconds_now() + 3600;
    for (uint64_t i = 0; i < 2; i++)
        others[i] = start(stress_worker, as_pointer(i));
    size_t settled = 0;
    for (uint64_t i = 0; i < victims; i++)
    {
        pthread_t victim = start(work, as_pointer(i));
        wait_for_victim(&state);
        end(victim);
        pthread_join(victim, NULL);
        settle_estate();
        // Early victims set the level: each holds up to 1 MiB, and hundreds more may not add to it much.
        if (i == 10)
            settled = status_kib("VmHWM:");
    }
    stress_end = 0;
    pthread_join(others[0], NULL);
    pthread_join(others[1], NULL);
    empty_shared();
    CHECK_THAT(status_kib("VmHWM:") < settled + 96 * 1024, "peak %zu KiB, then %zu KiB", settled,
        status_kib("VmHWM:"));
}

static void end_by_signal(pthread_t victim)
{
    CHECK(pthread_kill(victim, SIGUSR1) == 0);
}

CASE(killed_threads)
{
    struct sigaction action = { .sa_handler = end_at_once };
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    end_victims(victim_work, end_by_signal, 400);
}

static void *cancellable_work(void *argument)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    return victim_work(argument);
}

static void end_by_cancel(pthread_t victim)
{
    CHECK(pthread_cancel(victim) == 0);
}

CASE(threads_cancelled_asynchronously)
{
    end_victims(cancellable_work, end_by_cancel, 400);
}

static void *cancelled_at_a_point(void *argument)
{
    uint64_t state = (uintptr_t)argument * 77 + 3;
    atomic_store(&armed, 1);
    for (;;)
    {
        size_t slot = random_next(&state) % HELD;
        parcel_free(atomic_exchange(&estate[slot], NULL));
        atomic_store(&estate[slot], parcel_new(&state, 14));
        pthread_testcancel();
    }
    return NULL;
}

CASE(threads_cancelled_at_cancellation_points)
{
    end_victims(cancelled_at_a_point, end_by_cancel, 100);
}

// The process ends while others are in the middle of it; a crash would show in the exit code.
CASE(exit_while_threads_work)
{
    stress_end = seconds_now() + 3600;
    for (uint64_t i = 0; i < 8; i++)
        start(stress_worker, as_pointer(i));
    sleep_ms(200);
    exit(0);
}

static void *exiting_thread(void *argument)
{
    (void)argument;
    sleep_ms(100);
    exit(0);
}

CASE(exit_from_a_thread)
{
    stress_end = seconds_now() + 3600;
    for (uint64_t i = 0; i < 4; i++)
        start(stress_worker, as_pointer(i));
    pthread_join(start(exiting_thread, NULL), NULL);
    check_end(CHECK_FAILED, __FILE__, __LINE__, "exit returned");
}

static void *outlive_main(void *argument)
{
    pthread_join(*(pthread_t *)argument, NULL);
    short_life(argument);
    empty_shared();
    exit(0);
}

CASE(main_thread_ends_first)
{
    static pthread_t main_thread;
    main_thread = pthread_self();
    start(outlive_main, &main_thread);
    free(malloc(100));
    pthread_exit(NULL);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
