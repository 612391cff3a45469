// Many threads on one heap.
#include "parcels.h"

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

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
