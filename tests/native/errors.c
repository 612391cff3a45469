// Memory errors, one for each case, with a block of the size that the argument names. The program ends with 0
// if nothing stopped it. Which errors a mode stops or reports is listed in docs/modes.md, from these runs.
//
// By hand: LD_PRELOAD=libquarry.so QUARRY_CONF=mode:guarded,guard_interval:1 ./errors CASE SIZE
// where SIZE is small, medium, large or huge.
#include "check.h"
#include <malloc.h>
#include <pthread.h>

#pragma GCC diagnostic ignored "-Wuse-after-free"
#pragma GCC diagnostic ignored "-Wfree-nonheap-object"

static size_t size_of_argument(void)
{
    static const char *const names[] = { "small", "medium", "large", "huge" };
    static const size_t sizes[] = { 48, 3000, 100 * 1000, 5 * 1000 * 1000 };
    const char *argument = check_argument(0, "small");
    for (int i = 0; i < 4; i++)
        if (strcmp(argument, names[i]) == 0)
            return sizes[i];
    check_end(2, __FILE__, __LINE__, "no such size: %s", argument);
}

// A block among others of its size, as in a program that runs for a while.
static volatile char *block_of_argument(void)
{
    size_t size = size_of_argument();
    volatile char *blocks[8];
    for (int i = 0; i < 8; i++)
        CHECK((blocks[i] = malloc(size)) != NULL);
    for (int i = 0; i < 8; i++)
        for (size_t at = 0; at < size; at += 512)
            blocks[i][at] = 1;
    return blocks[4];
}

static volatile char *freed_block(void)
{
    volatile char *block = block_of_argument();
    free((void *)block);
    return block;
}

static void churn(void)
{
    size_t size = size_of_argument();
    void *blocks[10];
    for (int round = 0; round < 3; round++)
    {
        for (int i = 0; i < 10; i++)
            CHECK((blocks[i] = malloc(size)) != NULL);
        for (int i = 0; i < 10; i++)
            free(blocks[i]);
    }
}

static void *free_it(void *block)
{
    free(block);
    return NULL;
}

static void free_in_thread(void *block)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, free_it, block) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

// The usable bytes belong to the program: the error begins behind them.
static size_t end_of(volatile char *block)
{
    return malloc_usable_size((void *)block);
}

CASE(write_behind_1)
{
    volatile char *block = block_of_argument();
    block[end_of(block)] = 7;
    free((void *)block);
}

CASE(write_behind_8)
{
    volatile char *block = block_of_argument();
    for (int i = 0; i < 8; i++)
        block[end_of(block) + i] = 7;
    free((void *)block);
}

CASE(write_behind_as_much)
{
    volatile char *block = block_of_argument();
    size_t end = end_of(block), size = size_of_argument();
    for (size_t i = 0; i < size; i++)
        block[end + i] = 7;
    free((void *)block);
}

CASE(read_behind_32)
{
    volatile char *block = block_of_argument();
    (void)block[end_of(block) + 32];
    free((void *)block);
}

CASE(write_before_1)
{
    volatile char *block = block_of_argument();
    block[-1] = 7;
    free((void *)block);
}

CASE(write_before_8)
{
    volatile char *block = block_of_argument();
    for (int i = 1; i <= 8; i++)
        block[-i] = 7;
    free((void *)block);
}

CASE(write_before_as_much)
{
    volatile char *block = block_of_argument();
    ptrdiff_t size = (ptrdiff_t)size_of_argument();
    for (ptrdiff_t i = 1; i <= size; i++)
        block[-i] = 7;
    free((void *)block);
}

CASE(read_after_free)
{
    volatile char *block = freed_block();
    (void)block[16];
}

CASE(write_after_free)
{
    volatile char *block = freed_block();
    block[16] = 7;
}

CASE(read_after_free_and_others)
{
    volatile char *block = freed_block();
    churn();
    (void)block[16];
}

CASE(write_after_free_and_others)
{
    volatile char *block = freed_block();
    churn();
    block[16] = 7;
    churn();
}

CASE(free_twice)
{
    volatile char *block = freed_block();
    free((void *)block);
}

CASE(free_twice_around_another)
{
    volatile char *other = block_of_argument(), *block = freed_block();
    free((void *)other);
    free((void *)block);
}

CASE(free_twice_by_threads)
{
    volatile char *block = block_of_argument();
    free_in_thread((void *)block);
    free_in_thread((void *)block);
}

CASE(free_twice_by_owner_and_thread)
{
    volatile char *block = freed_block();
    free_in_thread((void *)block);
}

CASE(resize_after_free)
{
    volatile char *block = freed_block();
    (void)!realloc((void *)block, 2 * size_of_argument());
}

CASE(free_inside)
{
    volatile char *block = block_of_argument();
    free((char *)block + 16);
}

CASE(free_unaligned)
{
    volatile char *block = block_of_argument();
    free((char *)block + 1);
}

CASE(free_before)
{
    volatile char *block = block_of_argument();
    free((char *)block - 16);
}

CASE(free_of_the_stack)
{
    _Alignas(16) char local[64];
    volatile char *block = block_of_argument();
    free((void *)opaque((size_t)local));
    free((void *)block);
}

CASE(resize_inside)
{
    volatile char *block = block_of_argument();
    (void)!realloc((char *)block + 16, 2 * size_of_argument());
}

// Also a fault: a signal that no error has caused must still end the program, and reach its own handler.
CASE(fault_elsewhere)
{
    volatile char *block = block_of_argument();
    free((void *)block);
    *(volatile char *)opaque(8) = 1;
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
