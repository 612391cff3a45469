// Messages and reports on the smallest stacks: of threads, and of signal handlers.
#include "check.h"
#include <limits.h>
#include <malloc.h>
#include <new>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

static char not_a_block[64] __attribute__((aligned(64)));
static void *foreign_pointer = not_a_block + 16;
static FILE *nowhere;
static volatile int done;

static void free_foreign()
{
    free(foreign_pointer);
}

static void reallocate_foreign()
{
    CHECK(realloc(foreign_pointer, 100) == nullptr);
}

static void allocate()
{
    for (size_t size = 1; size < 3000000; size = size * 5 / 4 + 1)
    {
        void *block = malloc(size);
        block = realloc(block, size * 2);
        CHECK(block != nullptr);
        free(block);
        block = memalign(size % 2 ? 64 : 8192, size);
        CHECK(block != nullptr);
        free(block);
    }
}

static void fail()
{
    CHECK(malloc(opaque(SIZE_MAX)) == nullptr);
    CHECK(aligned_alloc(4096, opaque(SIZE_MAX / 2)) == nullptr);
}

static void fail_new()
{
    bool caught = false;
    try
    {
        (void)operator new(opaque(SIZE_MAX));
    }
    catch (const std::bad_alloc &)
    {
        caught = true;
    }
    CHECK(caught);
}

static void report()
{
    malloc_stats();
    CHECK(malloc_info(0, nowhere) == 0);
}

static void count()
{
    CHECK(mallinfo2().arena > 0);
    malloc_trim(0);
}

static void *run(void *operation)
{
    ((void (*)())operation)();
    done = 1;
    return nullptr;
}

// What was printed, and that the operation came to its end.
static void in_smallest_thread(void (*operation)())
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    CHECK(pthread_attr_setstacksize(&attributes, sysconf(_SC_THREAD_STACK_MIN)) == 0);
    CHECK(pthread_create(&thread, &attributes, run, (void *)operation) == 0);
    pthread_join(thread, nullptr);
    CHECK(done);
}

CASE(foreign_pointers_in_the_smallest_thread)
{
    in_smallest_thread(free_foreign);
    in_smallest_thread(reallocate_foreign);
}

CASE(failing_new_in_the_smallest_thread)
{
    in_smallest_thread(fail_new);
}

CASE(reports_in_the_smallest_thread)
{
    nowhere = fopen("/dev/null", "w");
    CHECK(nowhere != nullptr);
    in_smallest_thread(report);
    in_smallest_thread(count);
}

static void (*interrupting)();

static void on_signal(int)
{
    interrupting();
    done = 1;
}

CASE(a_signal_handler_with_a_stack_of_its_own)
{
    nowhere = fopen("/dev/null", "w");
    void (*const operations[])() = { free_foreign, reallocate_foreign, report, count, allocate, fail };
    stack_t stack = {};
    stack.ss_size = sysconf(_SC_MINSIGSTKSZ) + 8192;
    stack.ss_sp = mmap(nullptr, stack.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(stack.ss_sp != MAP_FAILED && sigaltstack(&stack, nullptr) == 0);
    struct sigaction action = {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_ONSTACK;
    CHECK(sigaction(SIGUSR1, &action, nullptr) == 0);
    for (auto operation : operations)
    {
        interrupting = operation;
        done = 0;
        raise(SIGUSR1);
        CHECK(done);
    }
}

// The stack that an operation needs beyond what every thread does: a stack is filled with a pattern before.
static size_t depth(void (*operation)())
{
    const size_t size = 1 << 20;
    const unsigned char untouched = 0xa5;
    void *memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED);
    auto stack = (unsigned char *)memory;
    memset(stack, untouched, size);
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    CHECK(pthread_attr_setstack(&attributes, stack, size) == 0);
    CHECK(pthread_create(&thread, &attributes, run, (void *)operation) == 0);
    pthread_join(thread, nullptr);
    size_t left = 0;
    while (stack[left] == untouched)
        left++;
    munmap(stack, size);
    return size - left;
}

static void nothing()
{
}

CASE(nothing_needs_more_than_five_kilobytes)
{
    nowhere = fopen("/dev/null", "w");
    setvbuf(nowhere, nullptr, _IONBF, 0);
    const struct
    {
        const char *name;
        void (*run)();
    } operations[] = {
        { "allocate", allocate }, { "free_foreign", free_foreign }, { "fail", fail },
        { "reallocate_foreign", reallocate_foreign }, { "report", report }, { "count", count },
    };
    ssize_t least = depth(nothing);
    for (auto &operation : operations)
    {
        ssize_t needed = depth(operation.run) - least;
        CHECK_THAT(needed <= 5000, "%s needs %zd bytes", operation.name, needed);
    }
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
