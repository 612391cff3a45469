// quarry.h: every function that it declares. Compiled as C and as C++, and linked with the library.
#include "check.h"
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <quarry.h>

static quarry_statistics statistics(void)
{
    quarry_statistics result;
    memset(&result, 0xff, sizeof result);
    CHECK(quarry_stats(&result, sizeof result) == sizeof result);
    return result;
}

CASE(statistics_follow_the_blocks)
{
    enum { BLOCKS = 500, SMALL = 1000, LARGE = 300000 };
    static void *blocks[BLOCKS];
    quarry_statistics before = statistics();
    for (int i = 0; i < BLOCKS; i++)
        CHECK((blocks[i] = malloc(i % 2 ? SMALL : LARGE)) != NULL);
    memset(blocks[0], 1, LARGE);
    quarry_statistics with = statistics();
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    quarry_statistics after = statistics();

    const size_t small = BLOCKS / 2 * (size_t)SMALL, large = BLOCKS / 2 * (size_t)LARGE;
    CHECK(with.allocations == before.allocations + BLOCKS);
    CHECK(with.in_use_blocks == before.in_use_blocks + BLOCKS);
    CHECK(with.requested_bytes >= before.requested_bytes + small + large);
    CHECK(with.requested_bytes < before.requested_bytes + (small + large) * 9 / 8);
    CHECK(with.in_use_bytes - before.in_use_bytes == with.requested_bytes - before.requested_bytes);
    CHECK(with.large_allocations == before.large_allocations + BLOCKS / 2);
    CHECK(with.large_in_use_blocks == before.large_in_use_blocks + BLOCKS / 2);
    CHECK(with.large_in_use_bytes >= before.large_in_use_bytes + large);
    CHECK(with.used_bytes >= with.in_use_bytes && with.peak_bytes >= with.used_bytes);
    CHECK(with.committed_bytes >= with.in_use_bytes && with.mapped_bytes >= with.committed_bytes);
    CHECK(with.resident_bytes >= LARGE && with.resident_bytes <= with.committed_bytes);

    CHECK(after.allocations == with.allocations && after.requested_bytes == with.requested_bytes);
    CHECK(after.in_use_blocks == before.in_use_blocks && after.in_use_bytes == before.in_use_bytes);
    CHECK(after.large_in_use_blocks == before.large_in_use_blocks);
    CHECK(after.large_in_use_bytes == before.large_in_use_bytes);
    CHECK(after.dirty_bytes > 0 && after.peak_bytes >= with.used_bytes);
}

static pthread_barrier_t s_barrier;

static void *allocating_thread(void *argument)
{
    free(malloc(100));
    pthread_barrier_wait(&s_barrier);
    pthread_barrier_wait(&s_barrier);
    return argument;
}

CASE(statistics_count_threads)
{
    pthread_t thread;
    pthread_barrier_init(&s_barrier, NULL, 2);
    free(malloc(100));
    CHECK(statistics().threads == 1);
    CHECK(pthread_create(&thread, NULL, allocating_thread, NULL) == 0);
    pthread_barrier_wait(&s_barrier);
    CHECK(statistics().threads == 2);
    pthread_barrier_wait(&s_barrier);
    pthread_join(thread, NULL);
    CHECK(statistics().threads == 1);
}

// A program that was compiled with an older header.
CASE(a_smaller_structure_is_not_exceeded)
{
    unsigned char bytes[sizeof(quarry_statistics)];
    for (size_t size = 0; size <= sizeof bytes; size++)
    {
        memset(bytes, 0xff, sizeof bytes);
        CHECK(quarry_stats((quarry_statistics *)bytes, size) == sizeof(quarry_statistics));
        for (size_t at = size / sizeof(size_t) * sizeof(size_t); at < sizeof bytes; at++)
            CHECK_THAT(bytes[at] == 0xff, "size %zu, byte %zu", size, at);
        if (size >= sizeof(size_t))
            CHECK(((quarry_statistics *)bytes)->requested_bytes != SIZE_MAX);
    }
}

// A program that was compiled with a newer header.
CASE(fields_that_the_library_lacks_are_zero)
{
    struct
    {
        quarry_statistics known;
        size_t unknown[3], beyond;
    } larger;
    memset(&larger, 0xff, sizeof larger);
    size_t size = sizeof larger - sizeof larger.beyond;
    CHECK(quarry_stats((quarry_statistics *)&larger, size) == sizeof larger.known);
    CHECK(larger.known.large_in_use_bytes != SIZE_MAX);
    CHECK(larger.unknown[0] == 0 && larger.unknown[1] == 0 && larger.unknown[2] == 0);
    CHECK(larger.beyond == SIZE_MAX);
}

CASE(limit_is_set_and_removed)
{
    const size_t size = 32 << 20;
    quarry_limit(16 << 20);
    errno = 0;
    CHECK(malloc(size) == NULL && errno == ENOMEM);
    quarry_limit(0);
    void *block = malloc(size);
    CHECK(block != NULL);
    free(block);
}

static struct
{
    volatile int calls, helpful;
    volatile size_t size, alignment;
    void *volatile reserve;
    void *volatile argument;
} s_handler;

static bool on_exhausted(size_t size, size_t alignment, void *argument)
{
    s_handler.calls++;
    s_handler.size = size;
    s_handler.alignment = alignment;
    s_handler.argument = argument;
    free(s_handler.reserve);
    s_handler.reserve = NULL;
    return s_handler.calls <= s_handler.helpful;
}

CASE(handler_frees_memory_and_has_the_request_tried_again)
{
    s_handler.reserve = malloc(12 << 20);
    s_handler.helpful = 1;
    quarry_limit(16 << 20);
    quarry_exhaustion_handler(on_exhausted, &s_handler);
    errno = 77;
    void *block = malloc(10 << 20);
    CHECK(block != NULL && errno == 77);
    CHECK_THAT(s_handler.calls == 1, "%d calls", s_handler.calls);
    CHECK(s_handler.size == 10 << 20 && s_handler.alignment == 16 && s_handler.argument == &s_handler);
    CHECK(aligned_alloc(4096, 8 << 20) == NULL);
    CHECK(s_handler.calls == 2 && s_handler.size == 8 << 20 && s_handler.alignment == 4096);
}

CASE(handler_is_called_once_more_than_it_returns_true)
{
    s_handler.helpful = 10;
    quarry_limit(16 << 20);
    quarry_exhaustion_handler(on_exhausted, NULL);
    errno = 0;
    CHECK(malloc(20 << 20) == NULL && errno == ENOMEM);
    CHECK_THAT(s_handler.calls == 11, "%d calls", s_handler.calls);
    quarry_exhaustion_handler(NULL, NULL);
    CHECK(malloc(20 << 20) == NULL && s_handler.calls == 11);
}

CASE(handler_is_not_called_for_what_no_heap_can_serve)
{
    const size_t impossible[] = { SIZE_MAX, SIZE_MAX - 4096, (size_t)PTRDIFF_MAX + 1 };
    s_handler.helpful = INT_MAX;
    quarry_exhaustion_handler(on_exhausted, NULL);
    for (size_t i = 0; i < sizeof impossible / sizeof *impossible; i++)
    {
        errno = 0;
        CHECK(malloc(opaque(impossible[i])) == NULL && errno == ENOMEM);
        CHECK(calloc(2, opaque(impossible[i] / 2 + 1)) == NULL);
        CHECK(aligned_alloc(64, opaque(impossible[i])) == NULL);
    }
    CHECK(aligned_alloc((size_t)1 << 63, 1) == NULL);
    CHECK(s_handler.calls == 0);
}

// A block always shrinks, in its place if need be: nothing has failed.
CASE(shrinking_at_the_limit_is_no_failure)
{
    char *block = (char *)malloc(60000);
    CHECK(block != NULL);
    pattern_fill(block, 60000, 1);
    quarry_limit(4 << 20);
    for (size_t size = 1 << 16; size > 0; size /= 2)
    {
        while (malloc(size) != NULL)
        {
        }
    }
    quarry_exhaustion_handler(on_exhausted, NULL);
    for (size_t size = 30000; size > 0; size /= 3)
    {
        errno = 77;
        block = (char *)realloc(block, size);
        CHECK_THAT(block != NULL && errno == 77 && s_handler.calls == 0, "%zu bytes: %p, errno %d, %d calls",
            size, (void *)block, errno, s_handler.calls);
        CHECK(pattern_holds(block, size, 1));
    }
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
