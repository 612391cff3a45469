// What the C library does in and around the heap: backtraces of an abort, cancelled threads, and threads that
// cannot be created.
//
// By hand: LD_PRELOAD=libquarry.so QUARRY_CONF=foreign:abort ./c_library CASE
#include "check.h"
#include <execinfo.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>

static const size_t kib = 1024, mib = 1024 * 1024;

// Prints the frames, as crash reporters do; the first call of backtrace loads a library and allocates.
static void print_backtrace(int signal)
{
    void *frames[32];
    (void)signal;
    int count = backtrace(frames, 32);
    dprintf(2, "%d frames\n", count);
    backtrace_symbols_fd(frames, count, 2);
    char **names = backtrace_symbols(frames, count);
    if (names != NULL && count > 3)
        dprintf(2, "reported\n");
    free(names);
}

__attribute__((noinline)) static void free_unknown(void)
{
    static char memory[64] __attribute__((aligned(16)));
    free((void *)opaque((size_t)memory + 16));
}

// Run with QUARRY_CONF=foreign:abort; the test expects "reported", and the end by SIGABRT.
CASE(backtrace_of_an_abort)
{
    struct sigaction action = { .sa_handler = print_backtrace };
    CHECK(sigaction(SIGABRT, &action, NULL) == 0);
    free_unknown();
    check_end(CHECK_FAILED, __FILE__, __LINE__, "free returned");
}

static void *free_unknown_in_thread(void *argument)
{
    free_unknown();
    return argument;
}

CASE(backtrace_of_an_abort_in_a_thread)
{
    pthread_t thread;
    struct sigaction action = { .sa_handler = print_backtrace };
    CHECK(sigaction(SIGABRT, &action, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, free_unknown_in_thread, NULL) == 0);
    pthread_join(thread, NULL);
    check_end(CHECK_FAILED, __FILE__, __LINE__, "free returned");
}

static _Atomic int running;

static void *print_statistics(void *argument)
{
    void (*print)(void) = *(void (**)(void))argument;
    atomic_fetch_add(&running, 1);
    for (;;)
    {
        print();
        free(malloc(1000));
        pthread_testcancel();
    }
    return NULL;
}

static void cancel_while(void (*print)(void))
{
    int saved = dup(2);
    CHECK(saved >= 0 && dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2) == 2);
    for (int i = 0; i < 40; i++)
    {
        pthread_t threads[2];
        void *result;
        atomic_store(&running, 0);
        for (int k = 0; k < 2; k++)
            CHECK(pthread_create(&threads[k], NULL, print_statistics, &print) == 0);
        while (atomic_load(&running) < 2)
            sched_yield();
        sleep_ms(i % 3);
        for (int k = 0; k < 2; k++)
            CHECK(pthread_cancel(threads[k]) == 0);
        for (int k = 0; k < 2; k++)
            CHECK(pthread_join(threads[k], &result) == 0 && result == PTHREAD_CANCELED);
        // The heap goes on, and can be looked at again.
        for (size_t size = 1; size < mib; size *= 2)
            free(malloc(size));
        print();
    }
    CHECK(dup2(saved, 2) == 2);
}

CASE(thread_cancelled_while_it_prints_statistics)
{
    cancel_while(malloc_stats);
}

static FILE *nowhere;

static void print_information(void)
{
    malloc_info(0, nowhere);
}

CASE(thread_cancelled_while_it_writes_information)
{
    CHECK((nowhere = fopen("/dev/null", "w")) != NULL);
    setvbuf(nowhere, NULL, _IONBF, 0);
    cancel_while(print_information);
}

static void *allocate_or_fail(void *argument)
{
    (void)argument;
    for (size_t size = 16; size < mib; size *= 2)
    {
        errno = 0;
        char *block = malloc(size);
        CHECK(block != NULL || errno == ENOMEM);
        if (block != NULL)
            block[0] = 1;
        free(block);
    }
    return NULL;
}

// Memory is gone, address space for a stack may be left or not: a thread runs, or is refused with EAGAIN.
CASE(threads_under_memory_pressure)
{
    static void *blocks[100000];
    size_t count = 0, started = 0, refused = 0;
    struct rlimit limit = { status_kib("VmSize:") * kib + 64 * mib, RLIM_INFINITY };
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    for (size_t size = mib; size >= 16; size /= 4)
    {
        while (count < 100000 && (blocks[count] = malloc(size)) != NULL)
            count++;
    }
    for (int i = 0; i < 200; i++)
    {
        pthread_t thread;
        size_t stack = (size_t)(64 << i % 8) * kib, least = sysconf(_SC_THREAD_STACK_MIN);
        CHECK(pthread_attr_setstacksize(&attributes, stack < least ? least : stack) == 0);
        int error = pthread_create(&thread, &attributes, allocate_or_fail, NULL);
        CHECK_THAT(error == 0 || error == EAGAIN || error == ENOMEM, "%s", strerror(error));
        if (error == 0)
            CHECK(pthread_join(thread, NULL) == 0);
        started += error == 0;
        refused += error != 0;
        // Room comes back step by step.
        for (int k = 0; k < 5 && count > 0; k++)
            free(blocks[--count]);
    }
    CHECK_THAT(refused > 0 || started == 200, "%zu started, %zu refused", started, refused);
    while (count > 0)
        free(blocks[--count]);
    limit.rlim_cur = RLIM_INFINITY;
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, allocate_or_fail, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
