// The blocks with which memory errors are made.
#ifndef ERRORS_H
#define ERRORS_H

#include "check.h"
#include <dlfcn.h>
#include <pthread.h>

static CHECK_UNUSED size_t size_of_argument(void)
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
static CHECK_UNUSED volatile char *block_of_argument(void)
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

static CHECK_UNUSED volatile char *freed_block(void)
{
    volatile char *block = block_of_argument();
    free((void *)block);
    return block;
}

static CHECK_UNUSED void churn(void)
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

static CHECK_UNUSED void *free_it(void *block)
{
    free(block);
    return NULL;
}

static CHECK_UNUSED void free_in_thread(void *block)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, free_it, block) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

// A function that not every allocator has: without it, the case is skipped.
static CHECK_UNUSED void *function_of_allocator(const char *name)
{
    void *function = dlsym(RTLD_DEFAULT, name);
    if (function == NULL)
        SKIP("the allocator has no %s", name);
    return function;
}

#endif
