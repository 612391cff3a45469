// Signal handlers that interrupt malloc and free: handlers that jump out, and handlers that allocate.
//
// By hand: LD_PRELOAD=libquarry.so ./signals CASE [SEED]
#include "parcels.h"
#include "jemalloc.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { SLOTS = 2048 };

// Of the signals. An emulator may take longer than 30 us for one, and would do nothing else.
#ifdef __aarch64__
enum { PERIOD_US = 400 };
#else
enum { PERIOD_US = 30 };
#endif

// A block is published when it is complete and withdrawn before it is freed, so a jump loses blocks but never
// leaves a half-made one in a slot.
struct worker
{
    struct parcel *slots[SLOTS];
    struct parcel *old;
    size_t size;
    int resizes, trims;
    uint64_t state;
    volatile sig_atomic_t armed;
    volatile long jumps;
    sigjmp_buf way_out;
};

static _Thread_local struct worker *current;

static void jump_out(int signal)
{
    (void)signal;
    struct worker *worker = current;
    if (worker == NULL || !worker->armed)
        return;
    worker->armed = 0;
    worker->jumps++;
    siglongjmp(worker->way_out, 1);
}

// The calling thread gets SIGUSR1 all the time, at intervals that are no multiple of anything it does.
static timer_t start_signals(long microseconds)
{
    timer_t timer;
    struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
    event._sigev_un._tid = syscall(SYS_gettid);
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    struct itimerspec interval = { { 0, microseconds * 1000 + 7 }, { 0, microseconds * 1000 } };
    CHECK(timer_settime(timer, 0, &interval, NULL) == 0);
    return timer;
}

static void handle(void (*handler)(int), int flags)
{
    // The first allocation of a process takes locks of the C library, which no jump may leave locked.
    free(malloc(1));
    struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
}

// Mostly sizes of which a page holds few, so that a good part of all calls takes a slow path.
static size_t any_size(uint64_t *state)
{
    unsigned kind = random_next(state) % 64;
    size_t range = kind < 2 ? 1000 : kind == 2 ? 400000 : 30000;
    return sizeof(struct parcel) + random_next(state) % range;
}

// Light contents, so that much of the time is spent in the calls under test.
static void light_fill(struct parcel *parcel, size_t size, uint64_t seed)
{
    parcel->size = size;
    parcel->seed = seed;
    memset(parcel + 1, (unsigned char)seed, size - sizeof *parcel);
}

static void light_check(const struct parcel *parcel)
{
    const unsigned char *bytes = (const unsigned char *)(parcel + 1);
    size_t size = parcel->size - sizeof *parcel, step = size / 16 + 1;
    for (size_t i = 0; i < size; i += step)
        CHECK_THAT(bytes[i] == (unsigned char)parcel->seed, "%p of %zu bytes, byte %zu", (const void *)parcel,
            (size_t)parcel->size, i);
}

// The calls of the heap that a handler interrupts, and out of which it jumps.
static struct parcel *interrupted_calls(struct worker *worker)
{
    if (sigsetjmp(worker->way_out, 1) != 0)
        return NULL;
    worker->armed = 1;
    struct parcel *parcel;
    if (worker->resizes)
        parcel = realloc(worker->old, worker->size);
    else
    {
        free(worker->old);
        parcel = malloc(worker->size);
    }
    if (worker->trims)
        malloc_trim(0);
    worker->armed = 0;
    CHECK(parcel != NULL);
    return parcel;
}

static void one_step(struct worker *worker)
{
    uint64_t *state = &worker->state;
    size_t slot = random_next(state) % SLOTS;
    worker->old = worker->slots[slot];
    worker->slots[slot] = NULL;
    // Blocks change hands now and then, so that threads free blocks that they do not own.
    if (random_next(state) % 16 == 0)
        worker->old = atomic_exchange(&shared[slot % SHARED], worker->old);
    if (worker->old != NULL)
        light_check(worker->old);
    worker->size = any_size(state);
    worker->resizes = random_next(state) % 8 == 0;
    worker->trims = random_next(state) % 4096 == 0;
    struct parcel *parcel = interrupted_calls(worker);
    if (parcel == NULL)
        return;
    light_fill(parcel, worker->size, random_next(state));
    worker->slots[slot] = parcel;
}

static void *jumping_worker(void *argument)
{
    static _Thread_local struct worker worker;
    worker = (struct worker) { .state = (uintptr_t)argument * 7919 + 12345 };
    current = &worker;
    timer_t timer = start_signals(PERIOD_US);
    while (seconds_now() < stress_end)
    {
        for (int i = 0; i < 200; i++)
            one_step(&worker);
    }
    timer_delete(timer);
    for (int i = 0; i < SLOTS; i++)
    {
        if (worker.slots[i] != NULL)
            light_check(worker.slots[i]);
        free(worker.slots[i]);
    }
    CHECK(worker.jumps > 0);
    return NULL;
}

static uint64_t seed(void)
{
    return strtoull(check_argument(0, "1"), NULL, 10);
}

CASE(jumps_out_of_malloc_and_free)
{
    handle(jump_out, SA_NODEFER);
    stress_end = seconds_now() + 1;
    jumping_worker(as_pointer(seed()));
}

CASE(jumps_out_in_several_threads)
{
    pthread_t threads[WORKERS];
    handle(jump_out, SA_NODEFER);
    stress_end = seconds_now() + 1;
    for (uint64_t i = 0; i < WORKERS; i++)
        threads[i] = start(jumping_worker, as_pointer(seed() * WORKERS + i));
    for (int i = 0; i < WORKERS; i++)
        pthread_join(threads[i], NULL);
}

// With several arenas, malloc_trim holds the lock under which arenas are created.
CASE(jumps_out_of_malloc_trim)
{
    static struct worker worker;
    current = &worker;
    handle(jump_out, SA_NODEFER);
    timer_t timer = start_signals(PERIOD_US);
    stress_end = seconds_now() + 0.3;
    while (seconds_now() < stress_end)
    {
        if (sigsetjmp(worker.way_out, 1) == 0)
        {
            worker.armed = 1;
            malloc_trim(0);
            worker.armed = 0;
        }
    }
    timer_delete(timer);
    CHECK(worker.jumps > 0);
    unsigned arena = 0;
    size_t length = sizeof arena;
    CHECK(mallctl("arenas.create", &arena, &length, NULL, 0) == 0 && arena > 0);
}

// POSIX does not allow malloc in a handler that interrupts malloc, but programs do it: profilers, crash
// reporters, language runtimes. glibc, jemalloc and mimalloc fail these cases as well, within seconds.
enum { HANDLER_SLOTS = 64, HANDLER_STEPS = 4 };

struct interrupted
{
    struct parcel *slots[SLOTS];
    struct parcel *of_handler[HANDLER_SLOTS];
    _Atomic(struct parcel *) exchanged[HANDLER_SLOTS];
    uint64_t state, state_of_handler;
    volatile long signals;
    int exchanges;
};

static _Thread_local struct interrupted *interrupted;

static void exchange_parcel(struct parcel **slot, uint64_t *state)
{
    size_t size = any_size(state);
    if (*slot != NULL)
        light_check(*slot);
    free(*slot);
    *slot = malloc(size);
    CHECK(*slot != NULL);
    light_fill(*slot, size, random_next(state));
}

static void allocate_in_handler(int signal)
{
    (void)signal;
    struct interrupted *thread = interrupted;
    if (thread == NULL)
        return;
    int error = errno;
    thread->signals++;
    for (int i = 0; i < HANDLER_STEPS; i++)
    {
        size_t slot = random_next(&thread->state_of_handler) % HANDLER_SLOTS;
        exchange_parcel(&thread->of_handler[slot], &thread->state_of_handler);
        if (thread->exchanges)
            thread->of_handler[slot] = atomic_exchange(&thread->exchanged[slot], thread->of_handler[slot]);
    }
    errno = error;
}

static void work_interrupted(struct interrupted *thread)
{
    while (seconds_now() < stress_end)
    {
        for (int i = 0; i < 200; i++)
        {
            size_t slot = random_next(&thread->state) % SLOTS;
            exchange_parcel(&thread->slots[slot], &thread->state);
            if (thread->exchanges && slot < HANDLER_SLOTS)
                thread->slots[slot] = atomic_exchange(&thread->exchanged[slot], thread->slots[slot]);
        }
    }
}

static void check_all(struct parcel **slots, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        if (slots[i] != NULL)
            light_check(slots[i]);
    }
}

static struct interrupted *begin_interrupted(uint64_t seed, int exchanges)
{
    static _Thread_local struct interrupted thread;
    thread = (struct interrupted) { .state = seed * 2 + 1, .state_of_handler = seed * 2 + 2,
        .exchanges = exchanges };
    interrupted = &thread;
    return &thread;
}

static void end_interrupted(struct interrupted *thread)
{
    interrupted = NULL;
    check_all(thread->slots, SLOTS);
    check_all(thread->of_handler, HANDLER_SLOTS);
    CHECK(thread->signals > 0);
}

static void interrupted_by_timer(uint64_t seed, int exchanges)
{
    struct interrupted *thread = begin_interrupted(seed, exchanges);
    timer_t timer = start_signals(4 * PERIOD_US);
    work_interrupted(thread);
    timer_delete(timer);
    end_interrupted(thread);
}

CASE(handler_allocates)
{
    handle(allocate_in_handler, 0);
    stress_end = seconds_now() + 2;
    interrupted_by_timer(seed(), 0);
}

CASE(handler_frees_blocks_of_the_program)
{
    handle(allocate_in_handler, 0);
    stress_end = seconds_now() + 2;
    interrupted_by_timer(seed(), 1);
}

static void *interrupted_thread(void *argument)
{
    interrupted_by_timer((uintptr_t)argument, 1);
    return NULL;
}

CASE(handlers_allocate_in_several_threads)
{
    pthread_t threads[WORKERS];
    handle(allocate_in_handler, 0);
    stress_end = seconds_now() + 2;
    for (uint64_t i = 0; i < WORKERS; i++)
        threads[i] = start(interrupted_thread, as_pointer(seed() * WORKERS + i));
    for (int i = 0; i < WORKERS; i++)
        pthread_join(threads[i], NULL);
}

static pid_t target;

static void *send_signals(void *argument)
{
    uint64_t state = (uintptr_t)argument;
    while (seconds_now() < stress_end)
    {
        syscall(SYS_tgkill, getpid(), target, SIGUSR1);
        double next = seconds_now() + random_next(&state) % 300 * 1e-6;
        while (seconds_now() < next)
            continue;
    }
    return NULL;
}

CASE(handler_allocates_when_another_thread_sends_signals)
{
    handle(allocate_in_handler, 0);
    stress_end = seconds_now() + 2;
    target = syscall(SYS_gettid);
    struct interrupted *thread = begin_interrupted(seed(), 1);
    pthread_t sender = start(send_signals, as_pointer(seed()));
    work_interrupted(thread);
    pthread_join(sender, NULL);
    end_interrupted(thread);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
