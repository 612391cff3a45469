// Edges of the C surface: what glibc's manual, POSIX.1-2024 and C23 promise of each function.
#include "check.h"
#include <malloc.h>

typedef void free_sized_function(void *, size_t);
typedef void free_aligned_sized_function(void *, size_t, size_t);
typedef void cfree_function(void *);

static const size_t too_large[] = {
    (size_t)PTRDIFF_MAX + 1, (size_t)PTRDIFF_MAX + 4096, SIZE_MAX / 2 + 2, SIZE_MAX - 65536, SIZE_MAX - 4096,
    SIZE_MAX - 4095, SIZE_MAX - 64, SIZE_MAX - 16, SIZE_MAX - 15, SIZE_MAX - 8, SIZE_MAX - 1, SIZE_MAX,
};

// Both sides of the places where an allocator changes its ways: small, medium, large, mapped.
static const size_t transitions[] = {
    1, 8, 9, 16, 24, 100, 128, 129, 500, 1024, 1025, 4000, 4096, 8192, 8193, 16384, 32767, 32768, 32769,
    65536, 100000, 131072, 131073, 262144, 524288, 524289, 1048575, 1048576, 1048577, 2097152, 4194304,
    5000000, 17000000,
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

// Every size up to 70000, then steps up to 40 MiB.
static size_t next_size(size_t size)
{
    return size < 70000 ? size + 1 : size + size / 7;
}
static const size_t last_size = 40000000;

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

CASE(posix_memalign_rejects_bad_alignments)
{
    const size_t bad[] = {
        0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 15, 17, 24, 40, 48, 96, 100, 1000, 4095, 4097, 12288, SIZE_MAX,
        SIZE_MAX - 1, SIZE_MAX - 7, (size_t)3 << 40,
    };
    for (size_t i = 0; i < COUNT(bad); i++)
    {
        void *sentinel = &sentinel;
        errno = 77;
        CHECK_THAT(posix_memalign(&sentinel, opaque(bad[i]), 64) == EINVAL, "alignment %zu", bad[i]);
        CHECK_THAT(sentinel == &sentinel && errno == 77, "alignment %zu, errno %d", bad[i], errno);
    }
}

CASE(posix_memalign_of_too_much)
{
    for (size_t alignment = 8; alignment <= (size_t)1 << 30; alignment *= 8)
    {
        for (size_t i = 0; i < COUNT(too_large); i++)
        {
            void *sentinel = &sentinel;
            CHECK_THAT(posix_memalign(&sentinel, alignment, opaque(too_large[i])) == ENOMEM,
                "%zx, alignment %zx", too_large[i], alignment);
            CHECK(sentinel == &sentinel);
        }
    }
    void *sentinel = &sentinel;
    CHECK(posix_memalign(&sentinel, (size_t)1 << 62, 1) == ENOMEM && sentinel == &sentinel);
    CHECK(posix_memalign(&sentinel, (size_t)1 << 63, 1) == ENOMEM && sentinel == &sentinel);
    CHECK(posix_memalign(&sentinel, (size_t)1 << 63, (size_t)1 << 63) == ENOMEM && sentinel == &sentinel);
}

CASE(posix_memalign_failure_keeps_errno)
{
    void *sentinel = &sentinel;
    errno = 77;
    CHECK(posix_memalign(&sentinel, 16, opaque(SIZE_MAX)) == ENOMEM && errno == 77);
    CHECK(posix_memalign(&sentinel, 4096, opaque((size_t)1 << 50)) == ENOMEM && errno == 77);
    CHECK(posix_memalign(&sentinel, 16, opaque((size_t)1 << 50)) == ENOMEM && errno == 77);
}

CASE(posix_memalign_at_all_alignments)
{
    const size_t sizes[] = { 0, 1, 7, 8, 17, 100, 1000, 4095, 4097, 32769, 65537, 1 << 20, 5000000 };
    for (size_t alignment = 8; alignment <= (size_t)1 << 30; alignment *= 2)
    {
        for (size_t i = 0; i < COUNT(sizes); i++)
        {
            char *blocks[2];
            for (int k = 0; k < 2; k++)
            {
                void *block = NULL;
                errno = 77;
                CHECK_THAT(posix_memalign(&block, alignment, sizes[i]) == 0, "%zu, alignment %zu", sizes[i],
                    alignment);
                CHECK(block != NULL && (uintptr_t)block % alignment == 0);
                blocks[k] = block;
                memset(block, k, sizes[i]);
            }
            CHECK(sizes[i] == 0 || (blocks[0][sizes[i] - 1] == 0 && blocks[1][0] == 1
                && blocks[0] != blocks[1]));
            free(blocks[0]);
            free(blocks[1]);
        }
    }
}

// C17 with DR 460 and C23: the size need not be a multiple of the alignment, which is any power of two.
CASE(aligned_alloc_takes_any_size)
{
    const size_t sizes[] = { 0, 1, 3, 13, 17, 100, 4097, 65537, 1000003 };
    for (size_t alignment = 1; alignment <= 1 << 24; alignment *= 2)
    {
        for (size_t i = 0; i < COUNT(sizes); i++)
        {
            char *block = aligned_alloc(alignment, sizes[i]);
            CHECK_THAT(block != NULL && (uintptr_t)block % alignment == 0, "%zu, alignment %zu", sizes[i],
                alignment);
            memset(block, 1, sizes[i]);
            free(block);
        }
    }
}

CASE(aligned_alloc_rejects_bad_alignments)
{
    const size_t bad[] = { 0, 3, 5, 6, 7, 12, 24, 48, 100, 4097, SIZE_MAX, (size_t)3 << 40 };
    for (size_t i = 0; i < COUNT(bad); i++)
    {
        errno = 0;
        CHECK_THAT(aligned_alloc(opaque(bad[i]), 64) == NULL && errno == EINVAL, "alignment %zu, errno %d",
            bad[i], errno);
    }
}

CASE(aligned_functions_of_too_much_fail_with_enomem)
{
    for (size_t i = 0; i < COUNT(too_large); i++)
    {
        size_t size = opaque(too_large[i]);
        errno = 0;
        CHECK(aligned_alloc(64, size) == NULL && errno == ENOMEM);
        errno = 0;
        CHECK(memalign(4096, size) == NULL && errno == ENOMEM);
        errno = 0;
        CHECK(valloc(size) == NULL && errno == ENOMEM);
        errno = 0;
        CHECK_THAT(pvalloc(size) == NULL && errno == ENOMEM, "%zx, errno %d", size, errno);
    }
    errno = 0;
    CHECK(memalign((size_t)1 << 62, 100) == NULL && errno != 0);
}

// glibc rounds such an alignment up, others refuse it: both are sound, a misaligned block is not.
CASE(memalign_of_odd_alignments)
{
    const size_t odd[] = { 0, 1, 3, 5, 6, 12, 24, 48, 100, 1000, 5000 };
    for (size_t i = 0; i < COUNT(odd); i++)
    {
        errno = 0;
        char *block = memalign(opaque(odd[i]), 100);
        size_t rounded = 1;
        while (rounded < odd[i])
            rounded *= 2;
        CHECK_THAT(block != NULL ? (uintptr_t)block % rounded == 0 : errno == EINVAL, "alignment %zu",
            odd[i]);
        if (block != NULL)
            memset(block, 1, 100);
        free(block);
    }
}

CASE(memalign_at_powers_of_two)
{
    for (size_t alignment = 1; alignment <= 1 << 26; alignment *= 2)
    {
        char *block = memalign(alignment, 333);
        CHECK(block != NULL && (uintptr_t)block % alignment == 0);
        memset(block, 1, 333);
        free(block);
    }
}

CASE(valloc_and_pvalloc_are_page_aligned)
{
    const size_t sizes[] = { 0, 1, 100, 4095, 4096, 4097, 65537, 1000000 };
    size_t page = sysconf(_SC_PAGESIZE);
    for (size_t i = 0; i < COUNT(sizes); i++)
    {
        char *first = valloc(sizes[i]), *second = pvalloc(sizes[i]);
        CHECK(first != NULL && (uintptr_t)first % page == 0);
        CHECK(second != NULL && (uintptr_t)second % page == 0);
        size_t rounded = (sizes[i] + page - 1) / page * page;
        CHECK_THAT(malloc_usable_size(second) >= rounded, "pvalloc(%zu)", sizes[i]);
        memset(first, 1, sizes[i]);
        memset(second, 2, rounded);
        free(first);
        free(second);
    }
}

CASE(free_sized_frees)
{
    free_sized_function *free_sized = (free_sized_function *)dlsym(RTLD_DEFAULT, "free_sized");
    CHECK(free_sized != NULL);
    free_sized(NULL, 0);
    free_sized(NULL, 100);
    for (size_t size = 0; size < last_size; size = next_size(size))
    {
        void *first = malloc(size), *second = calloc(1, size);
        errno = 77;
        free_sized(first, size);
        free_sized(second, size);
        CHECK(errno == 77);
    }
    for (int i = 0; i < 100000; i++)
        free_sized(memset(malloc(20000), 1, 20000), 20000);
    CHECK(status_kib("VmHWM:") < 200 * 1024);
}

CASE(free_aligned_sized_frees)
{
    free_aligned_sized_function *free_aligned_sized =
        (free_aligned_sized_function *)dlsym(RTLD_DEFAULT, "free_aligned_sized");
    CHECK(free_aligned_sized != NULL);
    free_aligned_sized(NULL, 64, 100);
    for (size_t alignment = 1; alignment <= 1 << 22; alignment *= 2)
    {
        for (size_t size = 0; size < 3000000; size = size * 3 / 2 + 1)
        {
            char *block = aligned_alloc(alignment, size);
            CHECK(block != NULL);
            memset(block, 1, size);
            free_aligned_sized(block, alignment, size);
        }
    }
}

CASE(cfree_frees)
{
    cfree_function *cfree = (cfree_function *)dlsym(RTLD_DEFAULT, "cfree");
    CHECK(cfree != NULL);
    cfree(NULL);
    for (int i = 0; i < 100000; i++)
        cfree(memset(malloc(20000), 1, 20000));
    CHECK(status_kib("VmHWM:") < 200 * 1024);
}

CASE(whole_surface_is_in_one_library)
{
    const char *const names[] = {
        "malloc", "free", "calloc", "realloc", "reallocarray", "posix_memalign", "aligned_alloc", "memalign",
        "valloc", "pvalloc", "cfree", "free_sized", "free_aligned_sized", "malloc_usable_size", "mallinfo",
        "mallinfo2", "malloc_info", "malloc_stats", "malloc_trim", "mallopt",
    };
    Dl_info expected, info;
    CHECK(dladdr(dlsym(RTLD_DEFAULT, "malloc"), &expected) != 0);
    for (size_t i = 0; i < COUNT(names); i++)
    {
        void *address = dlsym(RTLD_DEFAULT, names[i]);
        CHECK_THAT(address != NULL && dladdr(address, &info) != 0, "no %s", names[i]);
        CHECK_THAT(strcmp(info.dli_fname, expected.dli_fname) == 0, "%s comes from %s", names[i],
            info.dli_fname);
    }
}

CASE(mallinfo2_grows_with_allocation)
{
    enum { BLOCKS = 1000, SIZE = 10000 };
    static char *blocks[BLOCKS];
    struct mallinfo2 before = mallinfo2();
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = memset(malloc(SIZE), 1, SIZE);
    struct mallinfo2 during = mallinfo2();
    size_t expected = (size_t)BLOCKS * SIZE;
    CHECK_THAT(during.uordblks + during.hblkhd >= before.uordblks + before.hblkhd + expected * 9 / 10,
        "in use %zu, then %zu", before.uordblks, during.uordblks);
    CHECK(during.arena + during.hblkhd >= expected);
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    struct mallinfo2 after = mallinfo2();
    CHECK_THAT(after.uordblks + after.hblkhd <= during.uordblks + during.hblkhd - expected / 2,
        "in use %zu, then %zu", during.uordblks, after.uordblks);
}

CASE(mallinfo_agrees_with_mallinfo2)
{
    char *block = memset(malloc(5000000), 1, 5000000);
    struct mallinfo narrow = mallinfo();
    struct mallinfo2 wide = mallinfo2();
    long difference = (long)wide.uordblks - narrow.uordblks;
    CHECK_THAT(difference < 1000000 && difference > -1000000, "%d and %zu", narrow.uordblks, wide.uordblks);
    free(block);
}

// Every tag closed by its own name, in order, under one root.
static void check_xml(const char *text)
{
    const char *open[64];
    int depth = 0, roots = 0;
    for (const char *tag = strchr(text, '<'); tag != NULL; tag = strchr(tag, '<'))
    {
        const char *name = ++tag, *end = strchr(tag, '>');
        CHECK_THAT(end != NULL, "an open tag in: %s", text);
        if (*name == '?')
            continue;
        int quotes = 0;
        for (const char *at = name; at < end; at++)
            quotes += *at == '"';
        CHECK_THAT(quotes % 2 == 0, "odd quotes in <%.*s>", (int)(end - name), name);
        if (*name == '/')
        {
            CHECK_THAT(depth-- > 0, "</%.*s> closes nothing", (int)(end - name), name);
            size_t length = strcspn(open[depth], " \n/>");
            CHECK_THAT(strncmp(open[depth], name + 1, length) == 0 && name[1 + length] == '>',
                "<%.*s> closed by %.*s", (int)length, open[depth], (int)(end - name), name);
        }
        else
        {
            CHECK(depth < 64 && strcspn(name, " \n/>") > 0);
            roots += depth == 0;
            if (end[-1] != '/')
                open[depth++] = name;
        }
    }
    CHECK_THAT(depth == 0 && roots == 1, "depth %d, %d roots: %s", depth, roots, text);
}

CASE(malloc_info_writes_xml)
{
    char text[65536];
    FILE *file = tmpfile();
    CHECK(file != NULL);
    void *block = malloc(5000), *large = malloc(5000000);
    CHECK(malloc_info(0, file) == 0);
    free(block);
    free(large);
    fflush(file);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    CHECK_THAT(strstr(text, "<malloc") != NULL, "%s", text);
    check_xml(text);
}

CASE(malloc_info_rejects_options)
{
    CHECK(malloc_info(1, stdout) != 0);
}

CASE(malloc_stats_writes_to_stderr)
{
    char text[256];
    FILE *file = tmpfile();
    int saved = dup(2);
    CHECK(file != NULL && saved >= 0 && dup2(fileno(file), 2) == 2);
    malloc_stats();
    fflush(stderr);
    CHECK(dup2(saved, 2) == 2);
    ssize_t length = pread(fileno(file), text, sizeof text - 1, 0);
    CHECK_THAT(length > 10, "%zd bytes", length);
}

CASE(mallopt_accepts_known_parameters)
{
    CHECK(mallopt(M_TRIM_THRESHOLD, 128 * 1024) == 1);
    CHECK(mallopt(M_TOP_PAD, 64 * 1024) == 1);
    CHECK(mallopt(M_MMAP_THRESHOLD, 256 * 1024) == 1);
    CHECK(mallopt(M_MMAP_MAX, 1000) == 1);
    CHECK(mallopt(M_CHECK_ACTION, 3) == 1);
    CHECK(mallopt(M_ARENA_TEST, 2) == 1);
    CHECK(mallopt(M_ARENA_MAX, 4) == 1);
    void *block = malloc(1000000);
    CHECK(block != NULL);
    free(block);
}

CASE(malloc_trim_gives_memory_back)
{
    enum { BLOCKS = 100000, SIZE = 1000 };
    static char *blocks[BLOCKS];
    size_t before = status_kib("VmRSS:");
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = memset(malloc(SIZE), 1, SIZE);
    CHECK(status_kib("VmRSS:") > before + 90 * 1024);
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
    int result = malloc_trim(0);
    CHECK(result == 0 || result == 1);
    size_t after = status_kib("VmRSS:");
    CHECK_THAT(after < before + 8 * 1024, "%zu KiB before, %zu KiB after", before, after);
    result = malloc_trim(0);
    CHECK(result == 0 || result == 1);
}

// What a program does to a heap that has been told to trim must go on working.
CASE(malloc_trim_between_uses)
{
    enum { BLOCKS = 2000 };
    static char *blocks[BLOCKS];
    static size_t sizes[BLOCKS];
    uint64_t state = 7;
    for (int round = 0; round < 40; round++)
    {
        for (int i = round % 3; i < BLOCKS; i += 3)
        {
            CHECK(blocks[i] == NULL || pattern_holds(blocks[i], sizes[i], i));
            free(blocks[i]);
            sizes[i] = random_size(&state, 17);
            CHECK((blocks[i] = malloc(sizes[i])) != NULL);
            pattern_fill(blocks[i], sizes[i], i);
        }
        malloc_trim(round * 1000);
    }
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
