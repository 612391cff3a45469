// Children that share the address space of their parent but are processes of their own: vfork, and clone with
// CLONE_VM but without CLONE_THREAD. A child uses the thread heap of the thread that made it, under a thread
// ID of its own, and ends. The thread goes on to use that heap, so no other thread may take it over.
//
// By hand: LD_PRELOAD=libquarry.so ./vfork CASE
#include "parcels.h"
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { PARENTS = 4, CHILD_STACK = 256 * 1024 };

static const double seconds = 1.0;

// What programs do in such a child before they call exec: build an argument vector, read a folder.
static void work_in_child(void)
{
    void *blocks[40];
    for (size_t i = 0; i < 40; i++)
    {
        size_t size = 16 + i * i * 5;
        blocks[i] = malloc(size);
        CHECK(blocks[i] != NULL);
        pattern_fill(blocks[i], size, i);
    }
    for (size_t i = 0; i < 40; i++)
    {
        CHECK(pattern_holds(blocks[i], 16 + i * i * 5, i));
        free(blocks[i]);
    }
}

static void (*work)(void) = work_in_child;

static void expect_success(pid_t child)
{
    int status = 0;
    CHECK_THAT(child > 0, "%s", strerror(errno));
    CHECK(waitpid(child, &status, __WALL) == child);
    CHECK_THAT(WIFEXITED(status) && WEXITSTATUS(status) == 0, "child ended with status 0x%x", status);
}

// The child runs in this function's frame, so nothing but the system's result may live in it.
__attribute__((noinline)) static void run_vfork_child(void)
{
    pid_t child = vfork();
    if (child == 0)
    {
        work();
        _exit(0);
    }
    expect_success(child);
}

__attribute__((noinline)) static void run_vfork_and_exec(void)
{
    pid_t child = vfork();
    if (child == 0)
    {
        work_in_child();
        // Without the library: the new program is not what is tested.
        char *none[] = { NULL };
        execle("/bin/true", "true", (char *)NULL, none);
        _exit(127);
    }
    expect_success(child);
}

static int clone_entry(void *argument)
{
    work_in_child();
    void (*next)(void) = *(void (**)(void))argument;
    if (next != NULL)
        next();
    return 0;
}

// The thread waits for its child as after vfork: until then the child has the thread's storage to itself.
static void run_clone_child_then(void (*next)(void))
{
    void *stack = mmap(NULL, CHILD_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(stack != MAP_FAILED);
    expect_success(clone(clone_entry, (char *)stack + CHILD_STACK, CLONE_VM | SIGCHLD, &next));
    CHECK(munmap(stack, CHILD_STACK) == 0);
}

static void run_clone_child(void)
{
    run_clone_child_then(NULL);
}

static void run_clone_child_and_grandchild(void)
{
    run_clone_child_then(run_clone_child);
}

static void (*run_child)(void);
static int children, heap_first;

static void *parent(void *argument)
{
    if (heap_first)
        parcel_free(parcel_new(&(uint64_t) { 5 }, 12));
    for (int i = 0; i < children; i++)
        run_child();
    return stress_worker(argument);
}

// Threads that start look for thread heaps to take over; so do threads that need fresh memory.
static void *start_threads(void *argument)
{
    for (uint64_t i = (uintptr_t)argument; seconds_now() < stress_end; i++)
        pthread_join(start(short_life, as_pointer(i)), NULL);
    return NULL;
}

static void parents_go_on(void (*child)(void), int number, int with_heap)
{
    pthread_t parents[PARENTS], starters[2];
    run_child = child;
    children = number;
    heap_first = with_heap;
    stress_end = seconds_now() + seconds;
    for (uint64_t i = 0; i < PARENTS; i++)
        parents[i] = start(parent, as_pointer(i));
    for (uint64_t i = 0; i < 2; i++)
        starters[i] = start(start_threads, as_pointer(i * 1000));
    for (int i = 0; i < PARENTS; i++)
        pthread_join(parents[i], NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(starters[i], NULL);
    empty_shared();
}

CASE(first_allocation_of_a_thread_in_a_vfork_child)
{
    parents_go_on(run_vfork_child, 1, 0);
}

CASE(vfork_children_of_threads_with_a_heap)
{
    parents_go_on(run_vfork_child, 1, 1);
}

CASE(several_vfork_children)
{
    parents_go_on(run_vfork_child, 50, 0);
}

CASE(vfork_allocates_and_execs)
{
    parents_go_on(run_vfork_and_exec, 5, 0);
}

CASE(first_allocation_of_a_thread_in_a_clone_child)
{
    parents_go_on(run_clone_child, 1, 0);
}

CASE(several_clone_children)
{
    parents_go_on(run_clone_child, 50, 0);
}

CASE(clone_child_has_a_child)
{
    parents_go_on(run_clone_child_and_grandchild, 3, 0);
}

static void *blocks_of_child[200];

static void leave_blocks(void)
{
    for (size_t i = 0; i < 200; i++)
    {
        CHECK((blocks_of_child[i] = malloc(100 + i)) != NULL);
        pattern_fill(blocks_of_child[i], 100 + i, i);
    }
}

static void *free_blocks_of_children(void *argument)
{
    for (int round = 0; round < 20; round++)
    {
        run_vfork_child();
        for (size_t i = 0; i < 200; i++)
        {
            CHECK(pattern_holds(blocks_of_child[i], 100 + i, i));
            free(blocks_of_child[i]);
        }
    }
    return argument;
}

// The address space is one, so the blocks that a child leaves are its parent's.
CASE(blocks_of_a_child_are_freed_by_its_parent)
{
    stress_end = seconds_now() + seconds;
    pthread_t starter = start(start_threads, as_pointer(1));
    work = leave_blocks;
    while (seconds_now() < stress_end)
        pthread_join(start(free_blocks_of_children, NULL), NULL);
    pthread_join(starter, NULL);
    empty_shared();
}

static void *short_life_after_a_child(void *argument)
{
    run_vfork_child();
    return short_life(argument);
}

// A thread heap that no thread may take over as a dead one's is still passed on when its thread ends.
CASE(memory_of_ended_parents_is_used_again)
{
    enum { ALIVE = 8, THREADS = 1000 };
    pthread_t threads[ALIVE];
    for (uint64_t i = 0; i < THREADS + ALIVE; i++)
    {
        if (i >= ALIVE)
            pthread_join(threads[i % ALIVE], NULL);
        if (i < THREADS)
            threads[i % ALIVE] = start(short_life_after_a_child, as_pointer(i));
    }
    empty_shared();
    CHECK_THAT(status_kib("VmHWM:") < 64 * 1024, "peak %zu KiB", status_kib("VmHWM:"));
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
