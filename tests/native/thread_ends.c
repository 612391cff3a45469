// Threads that end, in order or in the worst way, and what they leave behind.
#include "parcels.h"
#include "statistics.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>

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

static _Thread_local sigjmp_buf way_out;

static void jump_out(int signal)
{
    (void)signal;
    if (killable)
        siglongjmp(way_out, 1);
}

static void *jumping_work(void *argument)
{
    if (sigsetjmp(way_out, 1) == 0)
        return victim_work(argument);
    killable = 0;
    return NULL;
}

// Unlike a killed thread this one ends in order, though it left malloc in the middle.
CASE(threads_that_jump_out)
{
    struct sigaction action = { .sa_handler = jump_out };
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    end_victims(jumping_work, end_by_signal, 400);
}

static void end_by_cancel(pthread_t victim)
{
    CHECK(pthread_cancel(victim) == 0);
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

static pthread_barrier_t together;

static void *allocate_together(void *argument)
{
    free(malloc(100));
    pthread_barrier_wait(&together);
    return argument;
}

static void (*free_sized_function)(void *, size_t);

static void *free_with_size(void *block)
{
    free_sized_function(block, 100);
    return NULL;
}

CASE(threads_that_first_free_with_a_size)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    CHECK(pthread_barrier_init(&together, NULL, THREADS) == 0);
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(allocate_together, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);

    *(void **)&free_sized_function = dlsym(RTLD_DEFAULT, "free_sized");
    CHECK(free_sized_function != NULL);
    pthread_join(start(free_with_size, malloc(100)), NULL);
    CHECK_THAT(thread_heaps() == 1, "%zu thread heaps", thread_heaps());
}

static void *detached_life(void *argument)
{
    free(malloc(100));
    return argument;
}

// The C library keeps the stacks of some threads. When there are more, a thread that ends frees what belonged
// to an older one, after its last destructor.
CASE(detached_threads_free_after_their_end)
{
    enum { THREADS = 200, TOGETHER = 16 };
    // More than one in an emulator.
    const size_t before = status_kib("Threads:");
    pthread_attr_t detached;
    CHECK(pthread_attr_init(&detached) == 0);
    CHECK(pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED) == 0);
    free(malloc(100));
    for (int i = 0; i < THREADS; i++)
    {
        pthread_t thread;
        CHECK(pthread_create(&thread, &detached, detached_life, NULL) == 0);
        while (i % TOGETHER == TOGETHER - 1 && status_kib("Threads:") > before)
            sched_yield();
    }
    while (status_kib("Threads:") > before)
        sched_yield();
    CHECK_THAT(thread_heaps() == 1, "%zu thread heaps", thread_heaps());
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
