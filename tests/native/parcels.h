// Blocks that threads pass on to each other, their contents checked, and a thread that does so at random.
#ifndef PARCELS_H
#define PARCELS_H

#include "check.h"
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>

enum { WORKERS = 4, SHARED = 512, LOCAL = 512 };

static double stress_end;

// The first words of a block that travels through shared slots; the pattern follows.
struct parcel
{
    uint64_t size;
    uint64_t seed;
};

static _Atomic(struct parcel *) shared[SHARED];

__attribute__((unused)) static pthread_t start(void *(*routine)(void *), void *argument)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, routine, argument);
    CHECK_THAT(error == 0, "pthread_create: %s", strerror(error));
    return thread;
}

__attribute__((unused)) static void *as_pointer(uint64_t value)
{
    return (void *)(uintptr_t)value;
}

__attribute__((unused)) static void *allocate(uint64_t *state, size_t size)
{
    void *block = NULL;
    switch (random_next(state) % 8)
    {
    case 0:
        block = calloc(1, size);
        CHECK(block == NULL || all_zero(block, size));
        break;
    case 1:
    {
        size_t alignment = (size_t)8 << random_next(state) % 10;
        int error = posix_memalign(&block, alignment, size);
        CHECK_THAT(error == 0 && (uintptr_t)block % alignment == 0, "%p, size %zu, alignment %zu, error %d",
            block, size, alignment, error);
        break;
    }
    default:
        block = malloc(size);
        break;
    }
    CHECK_THAT(block != NULL, "%zu bytes", size);
    CHECK((uintptr_t)block % (size > 8 ? 16 : 8) == 0);
    return block;
}

__attribute__((unused)) static struct parcel *parcel_new(uint64_t *state, unsigned bits)
{
    size_t size = sizeof(struct parcel) + random_size(state, bits);
    struct parcel *parcel = allocate(state, size);
    parcel->size = size;
    parcel->seed = random_next(state);
    pattern_fill(parcel + 1, size - sizeof *parcel, parcel->seed);
    return parcel;
}

__attribute__((unused)) static void parcel_check(const struct parcel *parcel)
{
    CHECK_THAT(pattern_holds(parcel + 1, parcel->size - sizeof *parcel, parcel->seed), "%p of %zu bytes",
        (const void *)parcel, (size_t)parcel->size);
}

__attribute__((unused)) static void parcel_free(struct parcel *parcel)
{
    if (parcel == NULL)
        return;
    parcel_check(parcel);
    free(parcel);
}

__attribute__((unused)) static void parcel_exchange(struct parcel *parcel, size_t slot)
{
    parcel_free(atomic_exchange(&shared[slot % SHARED], parcel));
}

// One worker: its own blocks with sizes from 1 byte, parcels given to and taken from the others.
__attribute__((unused)) static void *stress_worker(void *argument)
{
    uint64_t state = 0x1234567 + (uintptr_t)argument * 7919;
    struct { unsigned char *block; size_t size; uint64_t seed; } local[LOCAL] = { 0 };
    for (uint64_t step = 0; step % 256 != 0 || seconds_now() < stress_end; step++)
    {
        size_t index = random_next(&state) % LOCAL;
        if (random_next(&state) % 4 == 0)
            parcel_exchange(parcel_new(&state, 20), random_next(&state));
        if (local[index].block == NULL)
        {
            local[index].size = random_size(&state, 20);
            local[index].block = allocate(&state, local[index].size);
        }
        else
        {
            CHECK(pattern_holds(local[index].block, local[index].size, local[index].seed));
            if (random_next(&state) % 3 == 0)
            {
                size_t size = random_size(&state, 20);
                size_t kept = size < local[index].size ? size : local[index].size;
                CHECK((local[index].block = realloc(local[index].block, size)) != NULL);
                CHECK(pattern_holds(local[index].block, kept, local[index].seed));
                local[index].size = size;
            }
            else
            {
                free(local[index].block);
                local[index].block = NULL;
                continue;
            }
        }
        local[index].seed = random_next(&state);
        pattern_fill(local[index].block, local[index].size, local[index].seed);
    }
    for (size_t i = 0; i < LOCAL; i++)
    {
        CHECK(local[i].block == NULL || pattern_holds(local[i].block, local[i].size, local[i].seed));
        free(local[i].block);
    }
    return NULL;
}

__attribute__((unused)) static void empty_shared(void)
{
    for (size_t i = 0; i < SHARED; i++)
        parcel_exchange(NULL, i);
}

// About 300 KiB, most of it freed by this thread, a few blocks left for others.
__attribute__((unused)) static void *short_life(void *argument)
{
    enum { BLOCKS = 300 };
    uint64_t state = (uintptr_t)argument * 31 + 1;
    struct parcel *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = parcel_new(&state, i % 50 == 0 ? 16 : 11);
    for (int i = 0; i < BLOCKS; i++)
    {
        if (i % 64 == 0)
            parcel_exchange(blocks[i], random_next(&state));
        else
            parcel_free(blocks[i]);
    }
    return NULL;
}

#endif
