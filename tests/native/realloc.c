// realloc and reallocarray: contents, failure, and the size 0.
#include "surface.h"

// Both sides of the places where an allocator changes its ways: small, medium, large, mapped.
static const size_t transitions[] = {
    1, 8, 9, 16, 24, 100, 128, 129, 500, 1024, 1025, 4000, 4096, 8192, 8193, 16384, 32767, 32768, 32769,
    65536, 100000, 131072, 131073, 262144, 524288, 524289, 1048575, 1048576, 1048577, 2097152, 4194304,
    5000000, 17000000,
};

CASE(realloc_of_null_allocates)
{
    for (size_t i = 0; i < COUNT(transitions); i++)
    {
        char *block = realloc((void *)opaque(0), transitions[i]);
        CHECK(block != NULL);
        memset(block, 1, transitions[i]);
        free(block);
    }
    void *nothing = realloc((void *)opaque(0), opaque(0));
    CHECK(nothing != NULL);
    free(nothing);
}

CASE(realloc_to_zero_frees_and_returns_null)
{
    for (size_t i = 0; i < COUNT(transitions); i++)
        CHECK_THAT(realloc(malloc(transitions[i]), opaque(0)) == NULL, "size %zu", transitions[i]);
    // 20 GiB in all: it must have been freed each time.
    for (int i = 0; i < 20000; i++)
    {
        char *block = malloc(1 << 20);
        CHECK(block != NULL);
        block[0] = block[4096 * 20] = 1;
        CHECK(realloc(block, opaque(0)) == NULL);
    }
    CHECK_THAT(status_kib("VmHWM:") < 200 * 1024, "peak %zu KiB", status_kib("VmHWM:"));
}

CASE(realloc_of_too_much_keeps_the_block)
{
    for (size_t i = 0; i < COUNT(transitions); i++)
    {
        size_t size = transitions[i];
        void *block = malloc(size);
        pattern_fill(block, size, i);
        for (size_t j = 0; j < COUNT(too_large); j++)
        {
            errno = 0;
            CHECK_THAT(realloc(block, opaque(too_large[j])) == NULL, "%zu to %zx", size, too_large[j]);
            CHECK(errno == ENOMEM);
        }
        errno = 0;
        CHECK(realloc(block, opaque((size_t)1 << 50)) == NULL && errno == ENOMEM);
        CHECK_THAT(pattern_holds(block, size, i), "size %zu", size);
        free(block);
    }
    errno = 0;
    CHECK(realloc((void *)opaque(0), opaque(SIZE_MAX)) == NULL && errno == ENOMEM);
}

CASE(realloc_keeps_contents_over_all_transitions)
{
    for (size_t i = 0; i < COUNT(transitions); i++)
    {
        for (size_t j = 0; j < COUNT(transitions); j++)
        {
            size_t from = transitions[i], to = transitions[j], kept = from < to ? from : to;
            void *block = malloc(from), *neighbour = malloc(from);
            pattern_fill(block, from, i);
            memset(neighbour, 0x5a, from < 65536 ? from : 65536);
            block = realloc(block, to);
            CHECK_THAT(block != NULL && pattern_holds(block, kept, i), "%zu to %zu", from, to);
            CHECK(malloc_usable_size(block) >= to);
            ((char *)block)[to - 1] = 1;
            free(neighbour);
            free(block);
        }
    }
}

CASE(realloc_byte_by_byte)
{
    char *block = NULL;
    for (size_t size = 1; size <= 20000; size++)
    {
        CHECK((block = realloc(block, size)) != NULL);
        block[size - 1] = (char)(size * 31);
        if (size % 64 == 0)
            for (size_t i = 0; i < size; i++)
                CHECK(block[i] == (char)((i + 1) * 31));
    }
    for (size_t size = 19999; size >= 1; size--)
    {
        CHECK((block = realloc(block, size)) != NULL);
        CHECK(block[size - 1] == (char)(size * 31));
    }
    free(block);
}

CASE(realloc_of_aligned_blocks)
{
    for (size_t alignment = 8; alignment <= 1 << 22; alignment *= 4)
    {
        for (size_t i = 0; i < COUNT(transitions); i += 2)
        {
            for (size_t j = 1; j < COUNT(transitions); j += 3)
            {
                size_t from = transitions[i], to = transitions[j], kept = from < to ? from : to;
                void *block = NULL;
                CHECK(posix_memalign(&block, alignment, from) == 0);
                // Content is compared at both ends only: the middle is the business of the case above.
                size_t edge = kept < 4096 ? kept : 4096;
                pattern_fill(block, edge, i);
                pattern_fill((char *)block + kept - edge, edge, j);
                if (kept <= 2 * edge)
                    pattern_fill(block, kept, j);
                block = realloc(block, to);
                CHECK(block != NULL);
                if (kept <= 2 * edge)
                    CHECK_THAT(pattern_holds(block, kept, j), "%zu to %zu", from, to);
                else
                    CHECK_THAT(pattern_holds(block, edge, i)
                        && pattern_holds((char *)block + kept - edge, edge, j),
                        "%zu to %zu, alignment %zu", from, to, alignment);
                free(block);
            }
        }
    }
}

CASE(reallocarray_multiplies_and_keeps_contents)
{
    void *block = reallocarray(NULL, 10, 10);
    CHECK(block != NULL);
    pattern_fill(block, 100, 1);
    for (size_t count = 20; count < 20000; count = count * 2 + 1)
    {
        CHECK((block = reallocarray(block, count, 10)) != NULL);
        CHECK(malloc_usable_size(block) >= count * 10 && pattern_holds(block, 100, 1));
    }
    free(block);
}

CASE(reallocarray_overflow_keeps_the_block)
{
    const size_t pairs[][2] = {
        { SIZE_MAX, 2 }, { 2, SIZE_MAX }, { SIZE_MAX / 2 + 1, 2 }, { (size_t)1 << 33, (size_t)1 << 33 },
        { SIZE_MAX / 16 + 2, 16 }, { SIZE_MAX, 1 },
    };
    void *block = malloc(100);
    pattern_fill(block, 100, 1);
    for (size_t i = 0; i < COUNT(pairs); i++)
    {
        errno = 0;
        CHECK(reallocarray(block, opaque(pairs[i][0]), opaque(pairs[i][1])) == NULL && errno == ENOMEM);
        CHECK(pattern_holds(block, 100, 1));
    }
    free(block);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
