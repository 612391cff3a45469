// Blocks that are filled by the options junk and zero: the test sets MALLOC_CONF.
#include "jemalloc.h"

static const size_t sizes[] = { 1, 16, 24, 100, 1000, 8192, 40000, 65536, 65537, 100000, 1 << 20, 3 << 20 };
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static int all_are(const void *block, size_t from, size_t to, unsigned char value)
{
    for (size_t at = from; at < to; at++)
        if (((const unsigned char *)block)[at] != value)
            return 0;
    return 1;
}

// Blocks that were used before, so that their memory is not what the system provides.
static void use_and_free(size_t size)
{
    void *blocks[4];
    for (int i = 0; i < 4; i++)
        blocks[i] = memset(malloc(size), 0x11, size);
    for (int i = 0; i < 4; i++)
        free(blocks[i]);
}

static void check_fresh(unsigned char value)
{
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < SIZES; i++)
        {
            use_and_free(sizes[i]);
            char *block = malloc(sizes[i]);
            CHECK_THAT(all_are(block, 0, malloc_usable_size(block), value), "%zu", sizes[i]);
            size_t usable = malloc_usable_size(block);
            memset(block, 0x22, usable);
            block = realloc(block, usable * 2 + 1);
            CHECK_THAT(all_are(block, 0, usable, 0x22), "%zu", sizes[i]);
            CHECK_THAT(all_are(block, usable, malloc_usable_size(block), value), "%zu", sizes[i]);
            memset(block, 0x33, malloc_usable_size(block));
            usable = malloc_usable_size(block);
            block = rallocx(block, usable + 1, 0);
            CHECK_THAT(all_are(block, 0, usable, 0x33), "%zu", sizes[i]);
            CHECK_THAT(all_are(block, usable, sallocx(block, 0), value), "%zu", sizes[i]);
            free(block);
            CHECK(posix_memalign((void **)&block, 256, sizes[i]) == 0);
            CHECK(all_are(block, 0, malloc_usable_size(block), value));
            free(block);
        }
}

static void check_zeroed(void)
{
    for (int i = 0; i < SIZES; i++)
    {
        use_and_free(sizes[i]);
        char *block = calloc(1, sizes[i]);
        CHECK_THAT(all_are(block, 0, sizes[i], 0), "%zu", sizes[i]);
        free(block);
        use_and_free(sizes[i]);
        block = mallocx(sizes[i], ZERO);
        size_t usable = sallocx(block, 0);
        CHECK_THAT(all_are(block, 0, usable, 0), "%zu", sizes[i]);
        memset(block, 0x44, usable);
        block = rallocx(block, usable * 3, ZERO);
        CHECK(all_are(block, 0, usable, 0x44) && all_are(block, usable, sallocx(block, 0), 0));
        free(block);
    }
}

// A free small block has two words of the heap; the neighbors keep its page, and decay_ms:-1 keeps large
// blocks.
static int is_filled_when_freed(size_t size)
{
    void *before = malloc(size);
    unsigned char *block = memset(malloc(size), 0x55, size);
    void *after = malloc(size);
    free(block);
    int filled = all_are(block, 16, size, 0x5a);
    CHECK(filled || all_are(block, 16, size, 0x55));
    free(before);
    free(after);
    return filled;
}

static void *check_fresh_in_thread(void *unused)
{
    check_fresh(0xa5);
    return unused;
}

static void check_freed(int expected)
{
    for (int i = 2; i < SIZES; i++)
        CHECK_THAT(is_filled_when_freed(sizes[i]) == expected, "%zu", sizes[i]);
}

CASE(junk)
{
    CHECK(strcmp(read_text("opt.junk"), "true") == 0 && read_bool("config.fill") == 1);
    check_fresh(0xa5);
    check_zeroed();
    check_freed(1);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, check_fresh_in_thread, NULL) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

CASE(junk_of_allocated_blocks)
{
    CHECK(strcmp(read_text("opt.junk"), "alloc") == 0);
    check_fresh(0xa5);
    check_zeroed();
    check_freed(0);
}

CASE(junk_of_freed_blocks)
{
    CHECK(strcmp(read_text("opt.junk"), "free") == 0);
    check_zeroed();
    check_freed(1);
}

CASE(zeros)
{
    CHECK(read_bool("opt.zero") == 1 && strcmp(read_text("opt.junk"), "false") == 0);
    check_fresh(0);
    check_zeroed();
    check_freed(0);
}

static void *free_block(void *block)
{
    free(block);
    return NULL;
}

CASE(double_free)
{
    void *others[10], *block = malloc(100);
    for (int i = 0; i < 10; i++)
        others[i] = malloc(100);
    free(block);
    free(block);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, free_block, others[3]) == 0 && pthread_join(thread, NULL) == 0);
    for (int i = 0; i < 1000; i++)
        CHECK(all_are(malloc(100), 0, 100, 0xa5));
}

// Ends the process, if the option is set.
CASE(out_of_memory)
{
    CHECK(read_bool("config.xmalloc") == 1);
    sink = malloc(opaque((size_t)1 << 60));
    printf("%s\n", sink == NULL && errno == ENOMEM ? "null" : "block");
}

static void print_failure(void *block)
{
    printf("%s\n", block == NULL && errno == ENOMEM ? "null" : "block");
}

// Likewise, as the first call of the process into the heap.
CASE(product_of_calloc)
{
    print_failure(calloc(opaque(SIZE_MAX / 2), opaque(4)));
}

CASE(product_of_reallocarray)
{
    print_failure(reallocarray(malloc(10), opaque(SIZE_MAX / 2), opaque(4)));
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
