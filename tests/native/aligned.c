// posix_memalign, aligned_alloc, memalign, valloc and pvalloc.
#include "surface.h"

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

// POSIX leaves errno unspecified; programs rely on what glibc does.
CASE(posix_memalign_of_too_much_sets_errno)
{
    const size_t sizes[] = { SIZE_MAX, (size_t)1 << 62, (size_t)1 << 50 };
    for (size_t i = 0; i < COUNT(sizes); i++)
    {
        for (size_t alignment = 16; alignment <= 4096; alignment *= 256)
        {
            void *sentinel = &sentinel;
            errno = 77;
            CHECK(posix_memalign(&sentinel, alignment, opaque(sizes[i])) == ENOMEM && errno == ENOMEM);
            CHECK(sentinel == &sentinel);
        }
    }
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

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
