// An image with a quantum of 8 bytes.
#include "jemalloc.h"

CASE(classes)
{
    CHECK(read_size("arenas.quantum") == 8);
    CHECK(nallocx(1, 0) == 16 && nallocx(17, 0) == 24 && nallocx(24, 0) == 24 && nallocx(33, 0) == 40);
    CHECK(nallocx(49, 0) == 56 && nallocx(57, 0) == 64 && nallocx(129, 0) == 144);
    unsigned bins = read_unsigned("arenas.nbins");
    for (unsigned bin = 0; bin < bins; bin++)
    {
        char name[64];
        snprintf(name, sizeof name, "arenas.bin.%u.size", bin);
        size_t size = read_size(name);
        CHECK(nallocx(size, 0) == size && nallocx(size - 7, 0) == size);
        void *block = malloc(size);
        CHECK(malloc_usable_size(block) == size);
        free(block);
    }
}

CASE(alignments)
{
    for (size_t size = 1; size < 100000; size = size * 9 / 8 + 1)
        for (int la = 3; la < 14; la++)
        {
            void *blocks[9];
            for (int i = 0; i < 9; i++)
            {
                blocks[i] = mallocx(size, LG_ALIGN(la) | (i % 2 ? ZERO : 0));
                CHECK((uintptr_t)blocks[i] % ((size_t)1 << la) == 0);
                CHECK(sallocx(blocks[i], 0) == nallocx(size, LG_ALIGN(la)));
                CHECK(i % 2 == 0 || all_zero(blocks[i], size));
                memset(blocks[i], 0x77, size);
            }
            for (int i = 0; i < 9; i++)
                sdallocx(blocks[i], size, LG_ALIGN(la));
        }
}

enum { BLOCKS = 4000 };
static void *blocks[BLOCKS];

static void *free_some(void *first)
{
    for (size_t i = (size_t)first; i < BLOCKS; i += 3)
        free(blocks[i]);
    for (size_t i = (size_t)first; i < BLOCKS; i += 3)
        blocks[i] = realloc(malloc(i % 90), i % 200 + 1);
    return NULL;
}

CASE(blocks_move_between_threads)
{
    for (int round = 0; round < 30; round++)
    {
        for (int i = 0; i < BLOCKS; i++)
            CHECK((blocks[i] = calloc(1, i % 130 + 1)) != NULL && all_zero(blocks[i], i % 130 + 1));
        pthread_t threads[3];
        for (size_t i = 0; i < 3; i++)
            CHECK(pthread_create(&threads[i], NULL, free_some, (void *)i) == 0);
        for (int i = 0; i < 3; i++)
            CHECK(pthread_join(threads[i], NULL) == 0);
        for (int i = 0; i < BLOCKS; i++)
            free(blocks[i]);
    }
    CHECK(read_size("stats.allocated") < 1 << 20);
}

// A page of 16 KiB, and a huge page of 4 MiB.
CASE(pages)
{
    enum { PAGE = 1 << 14, HUGE = 1 << 22 };
    CHECK(read_size("arenas.page") == PAGE && read_size("arenas.hugepage") == HUGE);
    for (size_t size = 65537; size < (size_t)100 << 20; size = size * 3 / 2)
    {
        char *block = calloc(1, size), *aligned = mallocx(size, LG_ALIGN(22) | ZERO);
        CHECK(malloc_usable_size(block) == (size + PAGE - 1) / PAGE * PAGE && all_zero(block, size));
        CHECK(malloc_usable_size(block) == nallocx(size, 0) && (uintptr_t)aligned % HUGE == 0);
        memset(block, 1, malloc_usable_size(block));
        block = realloc(block, size * 3);
        CHECK(block[size - 1] == 1 && xallocx(block, size, 0, 0) >= size);
        free(block);
        free(aligned);
    }
    unsigned arena, length = sizeof arena;
    size_t bytes = length;
    CHECK(mallctl("arenas.create", &arena, &bytes, NULL, 0) == 0);
    void *placed = mallocx((size_t)9 << 20, ARENA(arena) | LG_ALIGN(23));
    CHECK(placed != NULL && (uintptr_t)placed % ((size_t)1 << 23) == 0);
    CHECK(mallctl("arena.1.destroy", NULL, NULL, NULL, 0) == 0);
    CHECK(mallctl("arena.0.purge", NULL, NULL, NULL, 0) == 0);
}

static void *resize_some(void *first)
{
    for (size_t i = (size_t)first; i < BLOCKS; i += 3)
        blocks[i] = realloc(blocks[i], i % 16 == 0 ? (i % 7) * 100000 + 1 : i % 300 + 1);
    return NULL;
}

CASE(large_blocks_move_between_threads)
{
    for (int round = 0; round < 4; round++)
    {
        for (int i = 0; i < BLOCKS; i++)
            CHECK((blocks[i] = malloc(i % 16 == 0 ? 70000 + i * 10 : i % 300 + 1)) != NULL);
        pthread_t threads[3];
        for (size_t i = 0; i < 3; i++)
            CHECK(pthread_create(&threads[i], NULL, resize_some, (void *)i) == 0);
        for (int i = 0; i < 3; i++)
            CHECK(pthread_join(threads[i], NULL) == 0);
        for (int i = 0; i < BLOCKS; i++)
            free(blocks[i]);
    }
    CHECK(read_size("stats.allocated") < 1 << 20);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
