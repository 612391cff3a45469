// A signal handler at chosen instructions of malloc and free. The processor's single-step flag raises SIGTRAP
// after each instruction; at one of them the handler jumps out, or allocates and frees blocks itself. Each
// place is tried in a process of its own, and the places after which the heap is wrong are counted.
//
// POSIX does not allow malloc in a handler that interrupts malloc, but profilers and crash reporters use it.
//
// By hand: LD_PRELOAD=libquarry.so QUARRY_CONF=foreign:abort ./stepping CASE
#include "check.h"
#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <ucontext.h>

#ifdef __x86_64__

static const greg_t single_step = 0x100;

// All places of a short operation are tried, a sample of those of a long one.
static const long most_steps = 100000;
enum { SLOTS = 64, HANDLER_SLOTS = 16, SECONDS_TO_HANG = 10 };

struct slot
{
    unsigned char *block;
    size_t size;
    uint64_t seed;
};

// A slot is filled when its block is complete, and emptied before the block is freed: a jump may lose blocks,
// but no slot ever holds an incomplete one.
static struct slot slots[SLOTS], of_handler[HANDLER_SLOTS];

static size_t checked_size(size_t size)
{
    return size < 256 ? size : 256;
}

static void fill(struct slot *slot, unsigned char *block, size_t size, uint64_t seed)
{
    CHECK_THAT(block != NULL, "%zu bytes", size);
    size_t checked = checked_size(size);
    pattern_fill(block, checked, seed);
    pattern_fill(block + size - checked, checked, seed);
    slot->size = size;
    slot->seed = seed;
    slot->block = block;
}

static void check(const struct slot *slot)
{
    if (slot->block == NULL)
        return;
    // The two ends overlap in a block of less than 512 bytes; the last pattern is the one that holds.
    size_t checked = checked_size(slot->size);
    CHECK_THAT(pattern_holds(slot->block + slot->size - checked, checked, slot->seed)
        && (slot->size < 512 || pattern_holds(slot->block, checked, slot->seed)), "%p of %zu bytes",
        (void *)slot->block, slot->size);
}

static sigjmp_buf way_out;
static long steps, stop_at, calls, stepped_call;
static int jumps;

// What the handler does besides jumping: it keeps some of its blocks until the end.
static void allocate_in_handler(void)
{
    static const size_t sizes[] = { 24, 24, 100, 5000, 30000, 200000, 24, 48 };
    for (int i = 0; i < HANDLER_SLOTS; i++)
    {
        size_t size = sizes[i % 8];
        fill(&of_handler[i], malloc(size), size, 1000 + i);
    }
    for (int i = 0; i < HANDLER_SLOTS; i += 2)
    {
        check(&of_handler[i]);
        free(of_handler[i].block);
        of_handler[i].block = NULL;
    }
}

static void on_step(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    if (++steps != stop_at)
        return;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~single_step;
    if (jumps)
        siglongjmp(way_out, 1);
    int error = errno;
    allocate_in_handler();
    errno = error;
}

// Out of the red zone, which the compiler may use for what it keeps.
static inline void set_single_step(void)
{
    __asm__ volatile("lea -128(%%rsp), %%rsp\n\tpushfq\n\torq $0x100, (%%rsp)\n\t"
        "popfq\n\tlea 128(%%rsp), %%rsp" ::: "memory", "cc");
}

static inline void clear_single_step(void)
{
    __asm__ volatile("lea -128(%%rsp), %%rsp\n\tpushfq\n\tandq $~0x100, (%%rsp)\n\t"
        "popfq\n\tlea 128(%%rsp), %%rsp" ::: "memory", "cc");
}

// Each call of the heap in an operation has a number; one of them is stepped through.
static void begin_call(void)
{
    if (calls++ == stepped_call)
        set_single_step();
}

static void end_call(void)
{
    clear_single_step();
}

static void take(int index, size_t size)
{
    begin_call();
    void *block = malloc(size);
    end_call();
    fill(&slots[index], block, size, index + size);
}

static void give(int index)
{
    unsigned char *block = slots[index].block;
    check(&slots[index]);
    slots[index].block = NULL;
    begin_call();
    free(block);
    end_call();
}

static void resize(int index, size_t size)
{
    unsigned char *block = slots[index].block;
    slots[index].block = NULL;
    begin_call();
    block = realloc(block, size);
    end_call();
    fill(&slots[index], block, size, size);
}

// The heap must be whole afterwards: blocks of all kinds come and go, none overlaps another.
static void check_heap(void)
{
    enum { BLOCKS = 300 };
    static const size_t sizes[] = { 24, 5000, 1000, 5000 };
    static struct slot more[BLOCKS];
    uint64_t state = 99;
    for (int round = 0; round < 2; round++)
    {
        for (int i = 0; i < BLOCKS; i++)
        {
            size_t size = i % 2 == 0 ? sizes[i / 2 % 4] : random_size(&state, i % 16 == 1 ? 18 : 15);
            fill(&more[i], malloc(size), size, 5000 + i);
        }
        for (int i = 0; i < SLOTS; i++)
            check(&slots[i]);
        for (int i = 0; i < HANDLER_SLOTS; i++)
            check(&of_handler[i]);
        for (int i = 0; i < BLOCKS; i++)
            check(&more[i]);
        for (int i = 0; i < BLOCKS; i++)
            free(more[(i * 7) % BLOCKS].block);
        for (int i = 0; i < SLOTS; i++)
            give(i);
    }
    malloc_trim(0);
    mallinfo2();
}

static struct counts
{
    long steps, calls;
} made;

struct operation
{
    void (*prepare)(void);
    void (*run)(void);
    void *(*in_thread)(void *);
};

static void step_through(const struct operation *operation)
{
    struct sigaction action = { .sa_sigaction = on_step, .sa_flags = SA_SIGINFO };
    CHECK(sigaction(SIGTRAP, &action, NULL) == 0);
    calls = 0;
    if (sigsetjmp(way_out, 1) == 0)
        operation->run();
    stepped_call = -1;
    made = (struct counts) { steps, calls };
}

static void *step_in_thread(void *argument)
{
    step_through(argument);
    check_heap();
    return NULL;
}

// Runs the operation in a child process, interrupts a call at a step, and returns whether all was well.
static int try_place(const struct operation *operation, long call, long step, struct counts *counts)
{
    int pipes[2], status = 0;
    CHECK(pipe(pipes) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0)
    {
        alarm(SECONDS_TO_HANG);
        stepped_call = -1;
        if (step > 0)
            CHECK(dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2) == 2);
        if (operation->prepare != NULL)
            operation->prepare();
        stepped_call = call;
        stop_at = step;
        if (operation->in_thread != NULL)
        {
            pthread_t thread;
            CHECK(pthread_create(&thread, NULL, operation->in_thread, (void *)operation) == 0);
            CHECK(pthread_join(thread, NULL) == 0);
        }
        else
            step_through(operation);
        check_heap();
        CHECK(write(pipes[1], &made, sizeof made) == sizeof made);
        _exit(0);
    }
    close(pipes[1]);
    if (read(pipes[0], counts, sizeof *counts) != sizeof *counts)
        *counts = (struct counts) { 0 };
    close(pipes[0]);
    CHECK(waitpid(child, &status, 0) == child);
    return status == 0;
}

static void try_all(const struct operation *operation, int with_jumps)
{
    struct counts whole, counts;
    long tried = 0, wrong = 0, all = 0;
    jumps = with_jumps;
    CHECK(try_place(operation, -1, 0, &whole));
    for (long call = 0; call < whole.calls; call++)
    {
        CHECK(try_place(operation, call, 0, &counts) && counts.steps > 0);
        // Each try makes all the steps up to its place.
        long length = counts.steps, most = 2 * most_steps / whole.calls / length, wrong_here = 0;
        long stride = length > most ? length / (most + 1) + 1 : 1;
        for (long step = 1 + call % stride; step <= length; step += stride, tried++)
            wrong_here += !try_place(operation, call, step, &counts);
        if (wrong_here > 0)
            fprintf(stderr, "call %ld of %ld instructions: %ld places are wrong\n", call, length, wrong_here);
        wrong += wrong_here;
        all += length;
    }
    fprintf(stderr, "%ld of %ld places are wrong, of %ld instructions in %ld calls\n", wrong, tried, all,
        whole.calls);
    CHECK(wrong == 0);
}

static void small_pair(void)
{
    take(0, 24);
    give(0);
}

static const struct operation small_pairs = { .prepare = small_pair, .run = small_pair };

// Pages that are full, half empty and empty.
static void use_pages(void)
{
    void *blocks[200];
    for (int i = 0; i < 200; i++)
        CHECK((blocks[i] = malloc(5000)) != NULL);
    for (int i = 0; i < 200; i++)
    {
        if (i < 60 || i % 3 == 0)
            free(blocks[i]);
    }
}

// Several pages of the class are filled and emptied.
static void fill_pages(void)
{
    for (int i = 0; i < 20; i++)
        take(i, 5000);
    for (int i = 0; i < 20; i += 2)
        give(i);
    for (int i = 1; i < 20; i += 2)
        give(i);
}

static const struct operation pages = { .prepare = use_pages, .run = fill_pages };

static void large_blocks(void)
{
    take(0, 200000);
    take(1, 70000);
    give(0);
    take(2, 3000000);
    give(1);
    give(2);
}

static const struct operation large = { .run = large_blocks };

static void resizes(void)
{
    take(0, 100);
    resize(0, 3000);
    resize(0, 100000);
    resize(0, 400000);
    resize(0, 2000000);
    resize(0, 50);
    give(0);
}

static const struct operation resizing = { .run = resizes };

static void make_garbage(void)
{
    for (int i = 0; i < SLOTS; i++)
        take(i, 1000 * i + 10);
    for (int i = 0; i < SLOTS; i += 2)
        give(i);
}

static void trim(void)
{
    begin_call();
    malloc_trim(0);
    end_call();
}

static const struct operation trimming = { .prepare = make_garbage, .run = trim };

static pthread_barrier_t ready;

static void *own_blocks(void *argument)
{
    for (int i = 0; i < SLOTS; i++)
        take(i, 1000);
    pthread_barrier_wait(&ready);
    for (;;)
        pause();
    return argument;
}

static void start_owner(void)
{
    pthread_t thread;
    CHECK(pthread_barrier_init(&ready, NULL, 2) == 0);
    CHECK(pthread_create(&thread, NULL, own_blocks, NULL) == 0);
    pthread_barrier_wait(&ready);
}

static void free_of_owner(void)
{
    for (int i = 0; i < SLOTS; i++)
        give(i);
    for (int i = 0; i < 20; i++)
        take(i, 1000);
}

static const struct operation remote = { .prepare = start_owner, .run = free_of_owner };

static const struct operation new_thread = { .run = small_pair, .in_thread = step_in_thread };

CASE(jumps_out_of_small_pairs)
{
    try_all(&small_pairs, 1);
}

CASE(jumps_out_of_filling_pages)
{
    try_all(&pages, 1);
}

CASE(jumps_out_of_large_blocks)
{
    try_all(&large, 1);
}

CASE(jumps_out_of_realloc)
{
    try_all(&resizing, 1);
}

CASE(jumps_out_of_malloc_trim)
{
    try_all(&trimming, 1);
}

CASE(jumps_out_of_frees_for_another_thread)
{
    try_all(&remote, 1);
}

CASE(jumps_out_of_the_first_pair_of_a_thread)
{
    try_all(&new_thread, 1);
}

CASE(handler_allocates_in_small_pairs)
{
    try_all(&small_pairs, 0);
}

CASE(handler_allocates_in_filling_pages)
{
    try_all(&pages, 0);
}

CASE(handler_allocates_in_large_blocks)
{
    try_all(&large, 0);
}

CASE(handler_allocates_in_realloc)
{
    try_all(&resizing, 0);
}

CASE(handler_allocates_in_malloc_trim)
{
    try_all(&trimming, 0);
}

CASE(handler_allocates_in_frees_for_another_thread) { try_all(&remote, 0); }

CASE(handler_allocates_in_the_first_pair_of_a_thread) { try_all(&new_thread, 0); }

#endif

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
