// malloc, calloc and free, and what may be done with a block: to glibc's manual, POSIX.1-2024 and C23.
#include "surface.h"

CASE(malloc_zero_is_unique_and_freeable)
{
    enum { BLOCKS = 1000 };
    static char *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
    {
        CHECK((blocks[i] = malloc(opaque(0))) != NULL);
        for (int j = 0; j < i; j++)
            CHECK(blocks[i] != blocks[j]);
    }
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
}

CASE(free_null_does_nothing)
{
    for (int i = 0; i < 1000; i++)
        free((void *)opaque(0));
}

CASE(free_keeps_errno)
{
    for (size_t size = 1; size < (size_t)1 << 27; size = size * 3 / 2 + 1)
    {
        char *block = malloc(size);
        CHECK(block != NULL);
        block[0] = block[size - 1] = 1;
        errno = 77;
        free(block);
        CHECK_THAT(errno == 77, "free of %zu bytes left errno %d", size, errno);
        block = realloc(malloc(size), 2 * size);
        errno = 77;
        free(block);
        CHECK_THAT(errno == 77, "free of %zu bytes left errno %d", 2 * size, errno);
    }
    errno = 77;
    free((void *)opaque(0));
    CHECK(errno == 77);
}

CASE(malloc_of_too_much_fails_with_enomem)
{
    for (size_t i = 0; i < COUNT(too_large); i++)
    {
        errno = 0;
        CHECK_THAT(malloc(opaque(too_large[i])) == NULL, "%zx", too_large[i]);
        CHECK_THAT(errno == ENOMEM, "%zx gave errno %d", too_large[i], errno);
    }
    for (size_t below = 0; below < 70000; below += 7)
    {
        errno = 0;
        CHECK_THAT(malloc(opaque(SIZE_MAX - below)) == NULL && errno == ENOMEM, "SIZE_MAX - %zu", below);
    }
}

// Legal by the standard but larger than any address space of today.
CASE(malloc_of_more_than_the_address_space_fails)
{
    for (int bit = 48; bit < 63; bit++)
    {
        errno = 0;
        CHECK_THAT(malloc(opaque((size_t)1 << bit)) == NULL && errno == ENOMEM, "2^%d, errno %d", bit, errno);
    }
    errno = 0;
    CHECK(malloc(opaque(PTRDIFF_MAX)) == NULL && errno == ENOMEM);
}

CASE(calloc_overflow_fails_with_enomem)
{
    const size_t pairs[][2] = {
        { SIZE_MAX, SIZE_MAX }, { SIZE_MAX, 2 }, { 2, SIZE_MAX }, { SIZE_MAX / 2 + 1, 2 },
        { SIZE_MAX / 2 + 2, 2 },
        { (size_t)1 << 32, (size_t)1 << 32 }, { (size_t)1 << 33, (size_t)1 << 33 }, { SIZE_MAX / 16 + 2, 16 },
        { 3, SIZE_MAX / 3 + 1 }, { 1, SIZE_MAX }, { SIZE_MAX, 1 }, { SIZE_MAX / 24 + 1, 24 },
        { 1, PTRDIFF_MAX },
    };
    for (size_t i = 0; i < COUNT(pairs); i++)
    {
        errno = 0;
        CHECK_THAT(calloc(opaque(pairs[i][0]), opaque(pairs[i][1])) == NULL, "%zx x %zx", pairs[i][0],
            pairs[i][1]);
        CHECK_THAT(errno == ENOMEM, "%zx x %zx", pairs[i][0], pairs[i][1]);
    }
}

CASE(calloc_of_nothing_is_unique)
{
    void *first = calloc(opaque(0), opaque(8)), *second = calloc(opaque(8), opaque(0));
    void *third = calloc(opaque(0), opaque(SIZE_MAX)), *fourth = calloc(opaque(0), opaque(0));
    CHECK(first != NULL && second != NULL && third != NULL && fourth != NULL);
    CHECK(first != second && first != third && second != third && third != fourth && first != fourth);
    free(first);
    free(second);
    free(third);
    free(fourth);
}

CASE(calloc_is_zero_after_dirty_reuse)
{
    enum { BATCH = 8 };
    unsigned char *blocks[BATCH];
    for (size_t size = 1; size < last_size; size = size < 5000 ? size + 1 : size + size / 11)
    {
        int batch = size < 1000000 ? BATCH : 2;
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < batch; i++)
            {
                CHECK((blocks[i] = round == 0 ? malloc(size) : calloc(1, size)) != NULL);
                CHECK_THAT(round == 0 || all_zero(blocks[i], size), "calloc of %zu bytes is dirty", size);
                memset(blocks[i], 0xa5, malloc_usable_size(blocks[i]));
            }
            for (int i = 0; i < batch; i++)
                free(blocks[i]);
        }
    }
}

CASE(calloc_multiplies)
{
    for (size_t count = 1; count < 3000; count += 13)
    {
        unsigned char *block = calloc(count, 37);
        CHECK(block != NULL && malloc_usable_size(block) >= count * 37 && all_zero(block, count * 37));
        memset(block, 0xff, count * 37);
        free(block);
    }
}

static void check_alignment(const void *block, size_t size, const char *function)
{
    size_t alignment = size > 8 ? 16 : 8;
    CHECK_THAT(block != NULL, "%s(%zu)", function, size);
    CHECK_THAT((uintptr_t)block % alignment == 0, "%s(%zu) = %p", function, size, block);
}

CASE(blocks_are_aligned_for_any_type)
{
    for (size_t size = 0; size < last_size; size = next_size(size))
    {
        void *first = malloc(size), *second = calloc(1, size), *third = malloc(1);
        check_alignment(first, size, "malloc");
        check_alignment(second, size, "calloc");
        third = realloc(third, size + 1);
        check_alignment(third, size + 1, "realloc");
        free(first);
        free(second);
        free(third);
    }
}

CASE(usable_size_covers_the_request)
{
    CHECK(malloc_usable_size((void *)opaque(0)) == 0);
    for (size_t size = 0; size < last_size; size = next_size(size))
    {
        void *block = malloc(size);
        CHECK_THAT(malloc_usable_size(block) >= size, "%zu of %zu", malloc_usable_size(block), size);
        free(block);
    }
}

// Three blocks in a row, each written to its last usable byte: none may touch the next one.
CASE(usable_size_is_writable_to_the_last_byte)
{
    for (size_t size = 0; size < last_size; size = next_size(size))
    {
        void *blocks[3];
        size_t usable[3];
        for (int i = 0; i < 3; i++)
        {
            CHECK((blocks[i] = malloc(size)) != NULL);
            usable[i] = malloc_usable_size(blocks[i]);
        }
        int whole = size < 5000 || size % 97 == 0 || size > 70000;
        for (int i = 0; i < 3; i++)
        {
            size_t from = whole || usable[i] < 512 ? 0 : usable[i] - 512;
            pattern_fill((char *)blocks[i] + from, usable[i] - from, size + i);
        }
        for (int i = 0; i < 3; i++)
        {
            size_t from = whole || usable[i] < 512 ? 0 : usable[i] - 512;
            CHECK_THAT(pattern_holds((char *)blocks[i] + from, usable[i] - from, size + i), "size %zu", size);
        }
        for (int i = 0; i < 3; i++)
            free(blocks[i]);
    }
}

CASE(usable_size_of_aligned_blocks)
{
    for (size_t alignment = 8; alignment <= 1 << 21; alignment *= 2)
    {
        for (size_t size = 0; size < 3000000; size = size * 3 / 2 + 1)
        {
            void *first = NULL, *second = NULL;
            CHECK(posix_memalign(&first, alignment, size) == 0);
            CHECK(posix_memalign(&second, alignment, size) == 0);
            size_t usable = malloc_usable_size(first), other = malloc_usable_size(second);
            CHECK(usable >= size && other >= size);
            pattern_fill(first, usable, 1);
            pattern_fill(second, other, 2);
            CHECK_THAT(pattern_holds(first, usable, 1), "size %zu, alignment %zu", size, alignment);
            free(first);
            CHECK(pattern_holds(second, other, 2));
            free(second);
        }
    }
}

CASE(internal_waste_is_bounded)
{
    for (size_t size = 129; size <= 512 * 1024; size += size < 70000 ? 1 : 61)
    {
        void *block = malloc(size);
        size_t bound = size + size / 8 + 16 + (size > 65536 ? 4096 : 0);
        CHECK_THAT(malloc_usable_size(block) <= bound, "%zu for %zu", malloc_usable_size(block), size);
        free(block);
    }
}

CASE(sizes_at_class_borders)
{
    enum { BLOCKS = 4 };
    for (size_t power = 8; power <= 1 << 22; power *= 2)
    {
        for (size_t eighth = 0; eighth < 8; eighth++)
        {
            for (int delta = -2; delta <= 2; delta++)
            {
                size_t size = power + power / 8 * eighth + delta;
                void *blocks[BLOCKS];
                for (int i = 0; i < BLOCKS; i++)
                {
                    CHECK((blocks[i] = malloc(size)) != NULL);
                    pattern_fill(blocks[i], size, size + i);
                }
                for (int i = 0; i < BLOCKS; i++)
                {
                    CHECK_THAT(pattern_holds(blocks[i], size, size + i), "size %zu", size);
                    free(blocks[i]);
                }
            }
        }
    }
}

CASE(blocks_never_overlap)
{
    enum { BLOCKS = 20000 };
    static void *blocks[BLOCKS];
    static size_t sizes[BLOCKS];
    uint64_t state = 42;
    for (int round = 0; round < 4; round++)
    {
        for (int i = round == 0 ? 0 : round; i < BLOCKS; i += round == 0 ? 1 : round + 1)
        {
            free(blocks[i]);
            sizes[i] = random_size(&state, 18);
            CHECK((blocks[i] = malloc(sizes[i])) != NULL);
            pattern_fill(blocks[i], sizes[i], i);
        }
        for (int i = 0; i < BLOCKS; i++)
            CHECK(pattern_holds(blocks[i], sizes[i], i));
    }
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
