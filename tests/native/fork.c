// Children of a process whose other threads are inside the allocator: each must be able to work at once.
#include "check.h"
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { WORKERS = 4, INHERITED = 400, CHILD_SECONDS = 20 };

static _Atomic int stop, paused;
static _Atomic unsigned rounds[WORKERS];
static pid_t loaded;
static void *inherited[INHERITED];
static pthread_t workers[WORKERS];
extern char **environ;

static void *load(void *argument)
{
    enum { SLOTS = 256 };
    uintptr_t worker = (uintptr_t)argument;
    uint64_t state = worker + 1;
    void *slots[SLOTS] = { 0 };
    while (!atomic_load_explicit(&stop, memory_order_relaxed))
    {
        while (atomic_load(&paused) && !atomic_load(&stop))
            usleep(200);
        atomic_fetch_add_explicit(&rounds[worker], 1, memory_order_relaxed);
        size_t i = random_next(&state) % SLOTS;
        free(slots[i]);
        slots[i] = malloc(random_size(&state, random_next(&state) % 64 == 0 ? 21 : 15));
        CHECK(slots[i] != NULL);
        *(char *)slots[i] = 1;
    }
    for (int i = 0; i < SLOTS; i++)
        free(slots[i]);
    return NULL;
}

static size_t inherited_size(int i)
{
    return 1 + (size_t)i * i * 3 % 30000;
}

// Half of the blocks that children inherit belong to a thread that has ended, half to the main thread.
static void *make_inherited(void *from)
{
    for (int i = from == NULL; i < INHERITED; i += 2)
    {
        CHECK((inherited[i] = malloc(inherited_size(i))) != NULL);
        pattern_fill(inherited[i], inherited_size(i), i);
    }
    return NULL;
}

// The load is for the moment of a fork. While a child works, the workers pause, and it has the processors.
static void resume_load(void)
{
    enum { ROUNDS = 100 };
    unsigned before[WORKERS];
    if (loaded != getpid())
        return;
    for (int i = 0; i < WORKERS; i++)
        before[i] = atomic_load(&rounds[i]);
    for (int i = 0; i < WORKERS; i++)
    {
        while (atomic_load(&rounds[i]) - before[i] < ROUNDS)
        {
            // Another thread that forks may have paused them again.
            atomic_store(&paused, 0);
            sched_yield();
        }
    }
}

static void begin_load(void)
{
    pthread_t thread;
    loaded = getpid();
    CHECK(pthread_create(&thread, NULL, make_inherited, &stop) == 0);
    pthread_join(thread, NULL);
    make_inherited(NULL);
    for (uintptr_t i = 0; i < WORKERS; i++)
        CHECK(pthread_create(&workers[i], NULL, load, (void *)i) == 0);
}

static void end_load(void)
{
    atomic_store(&stop, 1);
    for (int i = 0; i < WORKERS; i++)
        pthread_join(workers[i], NULL);
    for (int i = 0; i < INHERITED; i++)
        CHECK(pattern_holds(inherited[i], inherited_size(i), i));
}

// What a child does at once: blocks of all sizes, each function, and the blocks it was born with.
static void work_in_child(void)
{
    alarm(CHILD_SECONDS);
    for (size_t size = 1; size < 3000000; size = size * 2 + 1)
    {
        void *block = malloc(size), *zeroed = calloc(1, size), *aligned = NULL;
        CHECK(block != NULL && zeroed != NULL && posix_memalign(&aligned, 64, size) == 0);
        pattern_fill(block, size, size);
        CHECK(all_zero(zeroed, size));
        CHECK((block = realloc(block, size * 2)) != NULL && pattern_holds(block, size, size));
        free(aligned);
        free(block);
        free(zeroed);
    }
    for (int i = 0; i < INHERITED; i++)
    {
        CHECK(pattern_holds(inherited[i], inherited_size(i), i));
        free(inherited[i]);
    }
}

static void expect_success(pid_t child)
{
    int status = 0;
    CHECK_THAT(child > 0, "%s", strerror(errno));
    atomic_store(&paused, 1);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_THAT(WIFEXITED(status) && WEXITSTATUS(status) == 0, "child ended with status 0x%x", status);
}

static void fork_children(int count, pid_t (*make)(void), void (*work)(void))
{
    for (int i = 0; i < count; i++)
    {
        resume_load();
        pid_t child = make();
        if (child == 0)
        {
            work();
            // Every other child runs the exit handlers too.
            if (i % 2 == 0)
                exit(0);
            _exit(0);
        }
        expect_success(child);
    }
}

static pid_t raw_fork(void)
{
#ifdef SYS_fork
    return syscall(SYS_fork);
#else
    return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
}

static pid_t raw_clone(void)
{
    return syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

CASE(child_works_at_once)
{
    begin_load();
    fork_children(60, fork, work_in_child);
    end_load();
}

// No C library takes part in these: no handler runs in the allocator.
CASE(child_of_a_raw_fork)
{
    begin_load();
    fork_children(40, raw_fork, work_in_child);
    end_load();
}

CASE(child_of_a_raw_clone)
{
    begin_load();
    fork_children(25, raw_clone, work_in_child);
    end_load();
}

static void *thread_in_child(void *argument)
{
    uint64_t state = (uintptr_t)argument + 3;
    for (int i = 0; i < 500; i++)
    {
        size_t size = random_size(&state, 17);
        void *block = malloc(size);
        CHECK(block != NULL);
        pattern_fill(block, size, i);
        CHECK(pattern_holds(block, size, i));
        free(block);
    }
    return NULL;
}

static void threads_in_child(void)
{
    pthread_t threads[4];
    alarm(CHILD_SECONDS);
    for (uintptr_t i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, thread_in_child, (void *)i) == 0);
    work_in_child();
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

CASE(child_creates_threads)
{
    begin_load();
    fork_children(80, fork, threads_in_child);
    end_load();
}

static void grandchildren(void)
{
    threads_in_child();
    for (int i = 0; i < INHERITED; i++)
    {
        CHECK((inherited[i] = malloc(inherited_size(i))) != NULL);
        pattern_fill(inherited[i], inherited_size(i), i);
    }
    fork_children(3, fork, threads_in_child);
}

CASE(grandchild)
{
    begin_load();
    fork_children(10, fork, grandchildren);
    end_load();
}

// A line of 50 generations, each with threads of its own and blocks of its parent: nothing may pile up.
static void generation(int left)
{
    pthread_t threads[2];
    uintptr_t i;
    void *block = malloc(300000);
    alarm(2 * CHILD_SECONDS);
    for (i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, thread_in_child, (void *)i) == 0);
    if (left > 0)
    {
        pid_t child = fork();
        if (child == 0)
        {
            generation(left - 1);
            _exit(0);
        }
        expect_success(child);
    }
    free(block);
    for (i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    CHECK_THAT(status_kib("VmRSS:") < 64 * 1024, "%zu KiB", status_kib("VmRSS:"));
}

CASE(many_generations)
{
    generation(50);
}

static void *forking_thread(void *argument)
{
    (void)argument;
    fork_children(20, fork, work_in_child);
    return NULL;
}

CASE(fork_in_a_thread)
{
    pthread_t thread;
    begin_load();
    CHECK(pthread_create(&thread, NULL, forking_thread, NULL) == 0);
    pthread_join(thread, NULL);
    end_load();
}

CASE(fork_in_several_threads_at_once)
{
    pthread_t threads[3];
    begin_load();
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, forking_thread, NULL) == 0);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    end_load();
}

CASE(vfork_and_exec)
{
    char *const arguments[] = { "true", NULL };
    begin_load();
    for (int i = 0; i < 100; i++)
    {
        resume_load();
        pid_t child = vfork();
        if (child == 0)
        {
            execve("/bin/true", arguments, environ);
            _exit(1);
        }
        expect_success(child);
        free(malloc(1000));
    }
    end_load();
}

CASE(posix_spawn_under_load)
{
    char *const arguments[] = { "sh", "-c", "exit 0", NULL };
    begin_load();
    for (int i = 0; i < 100; i++)
    {
        pid_t child = -1;
        resume_load();
        CHECK(posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ) == 0);
        expect_success(child);
    }
    end_load();
}

CASE(popen_under_load)
{
    begin_load();
    for (int i = 0; i < 50; i++)
    {
        char line[32] = "";
        FILE *pipe = popen("echo from a child", "r");
        CHECK(pipe != NULL && fgets(line, sizeof line, pipe) != NULL);
        CHECK(strcmp(line, "from a child\n") == 0 && pclose(pipe) == 0);
    }
    end_load();
}

static _Atomic int prepared, parents, children;

static void allocate_in_handler(_Atomic int *calls)
{
    for (size_t size = 1; size < 300000; size = size * 3 + 1)
        free(memset(malloc(size), 1, size));
    atomic_fetch_add(calls, 1);
}

static void in_prepare(void) { allocate_in_handler(&prepared); }
static void in_parent(void) { allocate_in_handler(&parents); }
static void in_child(void) { allocate_in_handler(&children); }

CASE(fork_handlers_that_allocate)
{
    CHECK(pthread_atfork(in_prepare, in_parent, in_child) == 0);
    begin_load();
    fork_children(20, fork, work_in_child);
    end_load();
    CHECK(prepared == 20 && parents == 20);
}

// The parent's blocks are the child's own copies: what either writes or frees the other must not see.
CASE(parent_and_child_part)
{
    enum { BLOCKS = 3000 };
    static void *blocks[BLOCKS];
    static size_t sizes[BLOCKS];
    uint64_t state = 5;
    for (int i = 0; i < BLOCKS; i++)
    {
        sizes[i] = random_size(&state, 16);
        blocks[i] = malloc(sizes[i]);
        pattern_fill(blocks[i], sizes[i], i);
    }
    pid_t child = fork();
    uint64_t seed = child == 0 ? 1000000 : 2000000;
    for (int round = 0; round < 10; round++)
    {
        for (int i = round % 2; i < BLOCKS; i += 2)
        {
            CHECK(pattern_holds(blocks[i], sizes[i], round < 2 ? (uint64_t)i : seed + i));
            free(blocks[i]);
            sizes[i] = random_size(&state, 16);
            blocks[i] = malloc(sizes[i]);
            pattern_fill(blocks[i], sizes[i], seed + i);
        }
    }
    if (child == 0)
        _exit(0);
    expect_success(child);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
