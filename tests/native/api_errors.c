// Results and errno of the aligned functions, for all alignments and with memory exhausted: as in glibc.
#include "surface.h"

static const size_t sizes[] = {
    0, 1, 16, 100, 4096, 100000, 1 << 20, (size_t)1 << 40, (size_t)1 << 62, SIZE_MAX / 2, (size_t)1 << 63,
    SIZE_MAX - 100, SIZE_MAX,
};

static void expect(const char *function, void *block, int error, size_t alignment, size_t size)
{
    CHECK_THAT(block == NULL ? error == ENOMEM : error == 77 && (uintptr_t)block % alignment == 0,
        "%s(%zx, %zx): %p, errno %d", function, alignment, size, block, error);
    CHECK_THAT(block != NULL || alignment > 1 << 20 || size > 1 << 20, "%s(%zx, %zx)", function, alignment,
        size);
    free(block);
}

CASE(every_power_of_two)
{
    for (int bit = 0; bit < 64; bit++)
    {
        size_t alignment = (size_t)1 << bit;
        for (size_t i = 0; i < COUNT(sizes); i++)
        {
            errno = 77;
            void *block = aligned_alloc(opaque(alignment), opaque(sizes[i]));
            expect("aligned_alloc", block, errno, alignment, sizes[i]);
            errno = 77;
            block = memalign(opaque(alignment), opaque(sizes[i]));
            expect("memalign", block, errno, alignment, sizes[i]);
            void *result = &result;
            errno = 77;
            int error = posix_memalign(&result, opaque(alignment), opaque(sizes[i]));
            if (alignment < sizeof(void *))
            {
                CHECK(error == EINVAL && errno == 77 && result == &result);
                continue;
            }
            CHECK_THAT(error == 0 || (error == ENOMEM && errno == ENOMEM && result == &result),
                "posix_memalign(%zx, %zx): %d, errno %d", alignment, sizes[i], error, errno);
            expect("posix_memalign", error == 0 ? result : NULL, errno, alignment, sizes[i]);
        }
    }
}

CASE(memalign_above_every_power_of_two)
{
    const size_t alignments[] = { ((size_t)1 << 63) + 1, SIZE_MAX - 15, SIZE_MAX };
    for (size_t i = 0; i < COUNT(alignments); i++)
    {
        errno = 0;
        CHECK(memalign(opaque(alignments[i]), 1) == NULL && errno == EINVAL);
    }
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
