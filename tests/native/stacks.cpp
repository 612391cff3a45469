// Walks over frames of all kinds, in signal handlers, threads and coroutines, and at the ends of a program.
#include "stacks_compare.h"

static int early_end = -1, early_count;

CASE(recursion)
{
    open_walker();
    recurse(opaque(100), compare);
}

CASE(frames_of_all_kinds)
{
    open_walker();
    mixed();
    recurse(opaque(20), mixed);
}

CASE(sorting)
{
    open_walker();
    int numbers[] = { 3, 1, 2 };
    qsort(numbers, 3, sizeof *numbers, [](const void *a, const void *b) {
        compare();
        return *(const int *)a - *(const int *)b;
    });
}

CASE(longer_than_the_memory)
{
    open_walker();
    recurse(opaque(300), [] {
        void *few[128], *all[FRAMES];
        int end;
        CHECK(stacks_walk(walker, few, 128, &end) == 128 && end == STACKS_TRUNCATED);
        CHECK(stacks_walk(walker, all, FRAMES, &end) > 300 && end == STACKS_COMPLETE);
        CHECK(memcmp(few + 1, all + 1, 127 * sizeof(void *)) == 0);
        CHECK(stacks_walk(walker, few, 0, &end) == 0 && end == STACKS_TRUNCATED);
    });
}

// ---- Exceptions

struct compares_when_destroyed
{
    ~compares_when_destroyed() { compare(); }
};

static NOINLINE void throw_through(size_t depth)
{
    compares_when_destroyed local;
    if (depth == 0)
        throw 1;
    throw_through(depth - 1);
}

CASE(exceptions)
{
    open_walker();
    try
    {
        throw_through(opaque(5));
    }
    catch (int)
    {
        compare();
    }
}

// ---- Signals

static void on_signal(int) { recurse(3, compare); }

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    CHECK(sigaction(number, &action, NULL) == 0);
}

static void use_alternate_stack(void *memory, size_t size)
{
    stack_t stack = {};
    stack.ss_sp = memory;
    stack.ss_size = size;
    CHECK(sigaltstack(&stack, NULL) == 0);
}

CASE(signal_handler)
{
    open_walker();
    handle(SIGUSR1, on_signal, 0);
    handle(SIGUSR2, [](int) { raise(SIGUSR1); }, 0);
    recurse(5, [] { raise(SIGUSR2); });
}

CASE(signal_handler_on_alternate_stack)
{
    open_walker();
    use_alternate_stack(malloc(65536), 65536);
    handle(SIGUSR1, on_signal, SA_ONSTACK);
    handle(SIGUSR2, [](int) { raise(SIGUSR1); }, SA_ONSTACK);
    recurse(5, [] { raise(SIGUSR2); });
}

CASE(alternate_stack_within_the_stack)
{
    char memory[65536];
    open_walker();
    use_alternate_stack(memory, sizeof memory);
    handle(SIGUSR1, on_signal, SA_ONSTACK);
    recurse(50, [] { raise(SIGUSR1); });
}

static int interrupts, complete, different;

// A few instructions of libc's assembly are not described.
static void on_timer(int)
{
    static trace ours, theirs;
    int end, same = both(&ours, &end, &theirs);
    complete += end == STACKS_COMPLETE;
    different += end == STACKS_COMPLETE && (same != ours.count || same != theirs.count);
    interrupts++;
}

CASE(interrupted_anywhere)
{
    open_walker();
    handle(SIGALRM, on_timer, SA_RESTART);
    struct itimerval time = { { 0, 400 }, { 0, 400 } };
    CHECK(setitimer(ITIMER_REAL, &time, NULL) == 0);
    uint64_t random = 1;
    while (__atomic_load_n(&interrupts, __ATOMIC_RELAXED) < 2000)
    {
        char text[64], copy[64];
        snprintf(text, sizeof text, "%f %lu", random / 3.0, (unsigned long)random_next(&random));
        memmove(copy, text, sizeof copy);
        CHECK(strlen(copy) > 0);
        free(malloc(random_size(&random, 12)));
    }
    time = {};
    setitimer(ITIMER_REAL, &time, NULL);
    CHECK_THAT(complete >= interrupts - interrupts / 100, "%d of %d", complete, interrupts);
    CHECK_THAT(different == 0, "%d of %d", different, interrupts);
}

// ---- Threads, coroutines, the ends of a program

CASE(threads)
{
    open_walker();
    pthread_t threads[8];
    for (pthread_t &thread : threads)
    {
        CHECK(pthread_create(&thread, NULL, [](void *) -> void * {
            for (int turn = 0; turn < 1000; turn++)
                recurse(turn % 30, compare);
            return NULL;
        }, NULL) == 0);
    }
    for (pthread_t thread : threads)
        CHECK(pthread_join(thread, NULL) == 0);
}

CASE(destructor_of_a_thread)
{
    static int called;
    open_walker();
    pthread_key_t key;
    CHECK(pthread_key_create(&key, [](void *) { compare(); called = 1; }) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, [](void *value) -> void * {
        pthread_setspecific(*(pthread_key_t *)value, value);
        return NULL;
    }, &key) == 0);
    CHECK(pthread_join(thread, NULL) == 0 && called);
}

static ucontext_t main_context, coroutine;

static void in_coroutine(void)
{
    recurse(10, [] {
        static trace ours, theirs;
        int end, same = both(&ours, &end, &theirs);
        CHECK_THAT(end == STACKS_COMPLETE, "end %d after %d", end, ours.count);
        CHECK(same >= 12 && ours.count - same <= 1);
    });
    swapcontext(&coroutine, &main_context);
}

CASE(coroutine)
{
    open_walker();
    CHECK(getcontext(&coroutine) == 0);
    coroutine.uc_stack.ss_sp = malloc(65536);
    coroutine.uc_stack.ss_size = 65536;
    coroutine.uc_link = &main_context;
    makecontext(&coroutine, in_coroutine, 0);
    CHECK(swapcontext(&main_context, &coroutine) == 0);
    compare();
}

__attribute__((constructor)) static void at_start(void)
{
    static void *addresses[FRAMES];
    void *early = stacks_open(0);
    early_count = stacks_walk(early, addresses, FRAMES, &early_end);
}

CASE(constructor)
{
    CHECK(early_end == STACKS_COMPLETE && early_count >= 3);
}

CASE(exit_handler)
{
    open_walker();
    CHECK(atexit(compare) == 0);
    exit(0);
}

int main(int argc, char **argv) { return check_run(argc, argv); }
