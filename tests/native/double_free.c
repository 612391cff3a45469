// Blocks that are freed twice. A small one may go unnoticed, and two requests may then get the same block,
// but no call may run forever or crash by itself. Hence no case writes into a block after a double free.
//
// By hand: LD_PRELOAD=libquarry.so ./double_free CASE
#include "check.h"
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

static const size_t sizes[] = { 8, 16, 40, 128, 500, 1024, 4000, 8192, 20000, 60000 };
enum { SIZES = sizeof sizes / sizeof *sizes, SECONDS_TO_HANG = 5 };

static void run_in_thread(void *(*routine)(void *), void *argument)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, routine, argument) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

static void *free_it(void *block)
{
    free(block);
    return NULL;
}

static void *free_it_twice(void *block)
{
    free(block);
    free(block);
    return NULL;
}

static void *free_three_times(void *block)
{
    for (int i = 0; i < 3; i++)
        free(block);
    return NULL;
}

// Enough requests to refill every list of the size several times, some of them freed again.
static void *allocate_many(void *argument)
{
    size_t size = *(size_t *)argument, count = 300 + 2000000 / (size + 500);
    void *held[8] = { 0 };
    for (size_t i = 0; i < count; i++)
    {
        void *block = malloc(size);
        CHECK(block != NULL);
        CHECK(malloc_usable_size(block) >= size);
        if (i % 3 == 0)
            held[i / 3 % 8] = block;
        if (i % 24 == 23)
        {
            free(held[i / 24 % 8]);
            held[i / 24 % 8] = NULL;
        }
    }
    return NULL;
}

// Goes on after a double free: here, in a new thread, and through the functions that visit the whole heap.
static void go_on(size_t size)
{
    allocate_many(&size);
    run_in_thread(allocate_many, &size);
    malloc_trim(0);
    mallinfo2();
    allocate_many(&size);
}

// Runs each size in a process of its own, until one hangs.
static void each_size(void (*misuse)(size_t))
{
    int wrong = 0, hangs = 0;
    for (int i = 0; i < SIZES && !hangs; i++)
    {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0)
        {
            // A message about a double free is welcome, but it is not what is tested.
            CHECK(dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2) == 2);
            alarm(SECONDS_TO_HANG);
            misuse(sizes[i]);
            go_on(sizes[i]);
            _exit(0);
        }
        int status = 0;
        CHECK(waitpid(child, &status, 0) == child);
        // An allocator may end the process on purpose, as the C library does.
        int stopped = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
        if (!stopped && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
        {
            hangs = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
            fprintf(stderr, "%zu bytes: %s\n", sizes[i], hangs ? "hangs" :
                WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "a check failed");
            wrong++;
        }
    }
    CHECK_THAT(wrong == 0, "%d sizes", wrong);
}

static void *make(size_t size)
{
    void *block = malloc(size);
    CHECK(block != NULL);
    return block;
}

static void by_two_threads(size_t size)
{
    void *block = make(size);
    run_in_thread(free_it, block);
    run_in_thread(free_it, block);
}

CASE(freed_by_two_other_threads)
{
    each_size(by_two_threads);
}

static void twice_in_a_batch(size_t size)
{
    run_in_thread(free_it_twice, make(size));
}

CASE(freed_twice_in_a_row_by_another_thread)
{
    each_size(twice_in_a_batch);
}

static void three_times_in_a_batch(size_t size)
{
    run_in_thread(free_three_times, make(size));
}

CASE(freed_three_times_in_a_row_by_another_thread)
{
    each_size(three_times_in_a_batch);
}

static void owner_twice(size_t size)
{
    free_it_twice(make(size));
}

CASE(freed_twice_in_a_row_by_its_owner)
{
    each_size(owner_twice);
}

static void owner_around_another(size_t size)
{
    void *first = make(size), *second = make(size);
    free(first);
    free(second);
    free(first);
}

CASE(freed_twice_by_its_owner_around_another_block)
{
    each_size(owner_around_another);
}

static void owner_then_another(size_t size)
{
    void *block = make(size);
    free(block);
    run_in_thread(free_it, block);
}

CASE(freed_by_its_owner_and_then_another_thread)
{
    each_size(owner_then_another);
}

static void another_then_owner(size_t size)
{
    void *block = make(size);
    run_in_thread(free_it, block);
    free(block);
}

CASE(freed_by_another_thread_and_then_its_owner)
{
    each_size(another_then_owner);
}

enum { ROW = 400 };

struct row
{
    size_t size;
    void *blocks[ROW];
};

static struct row make_row(size_t size)
{
    struct row row = { .size = size };
    for (int i = 0; i < ROW; i++)
        row.blocks[i] = make(size);
    return row;
}

static void *free_row(void *argument)
{
    struct row *row = argument;
    for (int i = 0; i < ROW; i++)
        free(row->blocks[i]);
    return NULL;
}

static void *free_row_backwards(void *argument)
{
    struct row *row = argument;
    for (int i = ROW; i-- > 0;)
        free(row->blocks[i]);
    return NULL;
}

// A, B, A, C, B, D, C ...
static void *free_row_interleaved(void *argument)
{
    struct row *row = argument;
    for (int i = 0; i < ROW; i++)
    {
        free(row->blocks[i]);
        if (i > 1)
            free(row->blocks[i - 1]);
    }
    return NULL;
}

static void rows_by_two_threads(size_t size)
{
    struct row row = make_row(size);
    run_in_thread(free_row, &row);
    run_in_thread(free_row_backwards, &row);
}

// Many blocks of each page: complete batches, and a page that counts more blocks than it has.
CASE(many_blocks_freed_by_two_other_threads)
{
    each_size(rows_by_two_threads);
}

static void *free_row_twice(void *argument)
{
    free_row(argument);
    return free_row(argument);
}

static void row_across_batches(size_t size)
{
    struct row row = make_row(size);
    run_in_thread(free_row_twice, &row);
}

CASE(many_blocks_freed_again_in_another_batch)
{
    each_size(row_across_batches);
}

static void row_interleaved(size_t size)
{
    struct row row = make_row(size);
    run_in_thread(free_row_interleaved, &row);
}

CASE(double_frees_interleaved_in_a_batch)
{
    each_size(row_interleaved);
}

static void row_by_owner(size_t size)
{
    struct row row = make_row(size);
    free_row(&row);
    free_row_backwards(&row);
}

CASE(many_blocks_freed_twice_by_their_owner)
{
    each_size(row_by_owner);
}

static void row_interleaved_by_owner(size_t size)
{
    struct row row = make_row(size);
    free_row_interleaved(&row);
}

CASE(double_frees_interleaved_by_the_owner)
{
    each_size(row_interleaved_by_owner);
}

static void row_by_owner_and_another(size_t size)
{
    struct row row = make_row(size);
    run_in_thread(free_row, &row);
    free_row_backwards(&row);
    run_in_thread(free_row, &row);
}

CASE(many_blocks_freed_by_their_owner_and_another_thread)
{
    each_size(row_by_owner_and_another);
}

static void *make_row_and_end(void *argument)
{
    struct row *row = argument;
    *row = make_row(row->size);
    return NULL;
}

static void row_of_ended_thread(size_t size)
{
    struct row row = { .size = size };
    run_in_thread(make_row_and_end, &row);
    run_in_thread(free_row, &row);
    free_row_backwards(&row);
}

CASE(blocks_of_an_ended_thread_freed_twice)
{
    each_size(row_of_ended_thread);
}

static pthread_barrier_t barrier;

static void *free_row_with_others(void *argument)
{
    pthread_barrier_wait(&barrier);
    return free_row(argument);
}

static void row_at_the_same_time(size_t size)
{
    struct row row = make_row(size);
    pthread_t threads[2];
    pthread_barrier_init(&barrier, NULL, 3);
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, free_row_with_others, &row) == 0);
    free_row_with_others(&row);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

CASE(freed_by_three_threads_at_the_same_time)
{
    each_size(row_at_the_same_time);
}

// Large blocks are recorded one by one, so the second free is reported as that of an unknown pointer.
static void large_by_two_threads(size_t size)
{
    for (size_t large = 70000; large < 80000000; large *= 7)
    {
        void *block = make(large + size);
        run_in_thread(free_it, block);
        run_in_thread(free_it, block);
        free(block);
    }
}

CASE(large_blocks_freed_three_times)
{
    each_size(large_by_two_threads);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
