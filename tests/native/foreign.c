// Pointers the heap never gave out: told on standard error with the address, never corruption.
// The process goes on (the default) or aborts, by QUARRY_CONF=foreign:abort.
#include "check.h"
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

static char static_block[4096] __attribute__((aligned(64)));
static char initialised_block[64] __attribute__((aligned(64))) = "data";
static const char constant_block[64] __attribute__((aligned(64))) = "text";

typedef void *allocate_function(size_t);
typedef void free_function(void *);

enum { WITNESSES = 64, WITNESS_SIZE = 3000 };
static void *witnesses[WITNESSES];
static char told[8192];

static void *opaque_pointer(const void *pointer)
{
    return (void *)opaque((size_t)pointer);
}

// Runs an operation with standard error in a file and keeps what was written there.
static void capture(void (*operation)(void *), void *pointer)
{
    FILE *file = tmpfile();
    int saved = dup(2);
    CHECK(file != NULL && saved >= 0 && dup2(fileno(file), 2) == 2);
    // As a log is opened: a file that is not for appending would not be written to.
    CHECK(fcntl(2, F_SETFL, O_APPEND) == 0);
    operation(pointer);
    CHECK(dup2(saved, 2) == 2);
    close(saved);
    ssize_t length = pread(fileno(file), told, sizeof told - 1, 0);
    told[length < 0 ? 0 : length] = 0;
    fclose(file);
}

static void expect_told(const void *pointer)
{
    char address[32];
    snprintf(address, sizeof address, "%lx", (unsigned long)pointer);
    CHECK_THAT(strcasestr(told, address) != NULL, "%s is not in: %s", address, told);
    CHECK_THAT(told[strlen(told) - 1] == '\n', "%s", told);
}

static void make_witnesses(void)
{
    for (int i = 0; i < WITNESSES; i++)
    {
        CHECK((witnesses[i] = malloc(WITNESS_SIZE)) != NULL);
        pattern_fill(witnesses[i], WITNESS_SIZE, i);
    }
}

// Neighbours are unharmed, and no block that is given out afterwards is one of them or the foreign one.
static void check_witnesses(const void *pointer)
{
    enum { BLOCKS = 2000 };
    static void *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
    {
        CHECK((blocks[i] = malloc(8 + i * 5)) != NULL && blocks[i] != pointer);
        pattern_fill(blocks[i], 8 + i * 5, i);
    }
    for (int i = 0; i < BLOCKS; i++)
    {
        CHECK(pattern_holds(blocks[i], 8 + i * 5, i));
        free(blocks[i]);
    }
    for (int i = 0; i < WITNESSES; i++)
        CHECK(pattern_holds(witnesses[i], WITNESS_SIZE, i));
}

static void free_it(void *pointer)
{
    errno = 77;
    free(pointer);
    CHECK(errno == 77);
}

static void realloc_it(void *pointer)
{
    CHECK(realloc(pointer, 100) == NULL);
}

static void measure_it(void *pointer)
{
    CHECK(malloc_usable_size(pointer) == 0);
}

static void expect_foreign(const void *foreign)
{
    void *pointer = opaque_pointer(foreign);
    make_witnesses();
    capture(free_it, pointer);
    expect_told(pointer);
    check_witnesses(pointer);
    capture(realloc_it, pointer);
    expect_told(pointer);
    check_witnesses(pointer);
    capture(measure_it, pointer);
    check_witnesses(pointer);
}

CASE(stack)
{
    char local[256];
    memset(local, 0x33, sizeof local);
    expect_foreign(local + 64);
    for (size_t i = 0; i < sizeof local; i++)
        CHECK(local[i] == 0x33);
}

CASE(static_data)
{
    expect_foreign(static_block + 1024);
    CHECK(all_zero(static_block, sizeof static_block));
}

CASE(initialised_data)
{
    expect_foreign(initialised_block);
    CHECK(strcmp(initialised_block, "data") == 0);
}

CASE(constant)
{
    expect_foreign(constant_block);
}

CASE(code)
{
    expect_foreign((const void *)(uintptr_t)check_run);
}

CASE(argument_string)
{
    expect_foreign(check_argv[1]);
}

CASE(mapping)
{
    char *pages = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(pages != MAP_FAILED);
    memset(pages, 0x44, 1 << 20);
    expect_foreign(pages);
    expect_foreign(pages + 65536);
    expect_foreign(pages + 100000);
    for (int i = 0; i < 1 << 20; i++)
        CHECK(pages[i] == 0x44);
}

// Next to the heap's own addresses, where a check of ranges alone would be fooled.
CASE(mapping_beside_the_heap)
{
    char *large = malloc(40 << 20);
    for (int distance = -64; distance <= 64; distance++)
    {
        char *wanted = (char *)((uintptr_t)large & ~(uintptr_t)4095) + (ptrdiff_t)distance * (2 << 20);
        char *page = mmap(wanted, 4096, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        if (page == MAP_FAILED)
            continue;
        memset(page, 0x44, 4096);
        capture(free_it, page);
        expect_told(page);
        for (int i = 0; i < 4096; i++)
            CHECK(page[i] == 0x44);
    }
    expect_foreign(static_block);
    free(large);
}

CASE(unmapped_address)
{
    char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED && munmap(page, 4096) == 0);
    expect_foreign(page);
}

CASE(inaccessible_address)
{
    char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    expect_foreign(page);
}

CASE(small_integers)
{
    for (uintptr_t address = 1; address < 100000; address = address * 3 + 1)
        expect_foreign((const void *)address);
}

CASE(non_canonical_address)
{
    expect_foreign((const void *)0xdeadbeefdeadbeef);
    expect_foreign((const void *)0x0000800000000000);
    expect_foreign((const void *)0x4141414141414141);
}

CASE(kernel_half_address)
{
    expect_foreign((const void *)0xffff800000000000);
    expect_foreign((const void *)0xffffffff81000000);
    expect_foreign((const void *)(UINTPTR_MAX - 15));
    expect_foreign((const void *)UINTPTR_MAX);
}

CASE(end_of_user_space)
{
    expect_foreign((const void *)0x00007ffffffff000);
    expect_foreign((const void *)0x00007fffffffffff);
    expect_foreign((const void *)0x0000700000000000);
}

CASE(every_high_bit)
{
    for (int bit = 20; bit < 64; bit++)
    {
        char *page = (char *)((uintptr_t)1 << bit);
        capture(free_it, opaque_pointer(page));
        expect_told(page);
    }
    expect_foreign(static_block);
}

// The C library's own heap: blocks of a library that was bound to it, by RTLD_DEEPBIND for instance.
CASE(block_of_the_c_library)
{
    // Looked up in that library alone: an allocator may define the name as well.
    void *library = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
    CHECK_THAT(library != NULL, "%s", dlerror());
    allocate_function *other_malloc = (allocate_function *)dlsym(library, "__libc_malloc");
    if (other_malloc == NULL)
        SKIP("this C library has no __libc_malloc");
    for (size_t size = 1; size < 10000000; size = size * 7 + 1)
    {
        char *block = other_malloc(size);
        CHECK(block != NULL);
        memset(block, 0x55, size);
        expect_foreign(block);
        for (size_t i = 0; i < size; i++)
            CHECK(block[i] == 0x55);
    }
}

// The loader allocates before any library is there, with a small allocator of its own.
CASE(pointer_from_before_main)
{
    expect_foreign(environ);
    expect_foreign(environ[0]);
    Dl_info info;
    CHECK(dladdr((void *)(uintptr_t)check_run, &info) != 0 && info.dli_fbase != NULL);
    expect_foreign(info.dli_fbase);
}

static void free_and_then_inside(void *pointer)
{
    free(pointer);
    free_it((char *)opaque_pointer(pointer) + (1 << 19));
}

static void free_twice(void *pointer)
{
    free(pointer);
    free_it(opaque_pointer(pointer));
}

// Nothing is allocated between the two calls, or the address might rightly belong to a new block.
CASE(page_of_a_freed_block)
{
    make_witnesses();
    for (size_t size = 1 << 20; size <= 64 << 20; size *= 4)
    {
        char *block = malloc(size);
        CHECK(block != NULL);
        memset(block, 1, size);
        capture(free_and_then_inside, block);
        expect_told(block + (1 << 19));
        check_witnesses(NULL);
    }
}

CASE(large_block_freed_twice)
{
    make_witnesses();
    for (size_t size = 4 << 20; size <= 256 << 20; size *= 4)
    {
        char *block = malloc(size);
        CHECK(block != NULL);
        block[0] = 1;
        capture(free_twice, block);
        expect_told(block);
        check_witnesses(NULL);
    }
}

CASE(null_is_not_foreign)
{
    capture(free_it, opaque_pointer(NULL));
    CHECK_THAT(told[0] == 0, "%s", told);
}

static void *free_foreign_in_a_loop(void *argument)
{
    char local[64];
    (void)argument;
    for (int i = 0; i < 500; i++)
    {
        free(opaque_pointer(local + 16));
        free(malloc(100 + i));
    }
    return NULL;
}

CASE(many_threads_free_what_is_not_theirs)
{
    pthread_t threads[4];
    int saved = dup(2), quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
    make_witnesses();
    dup2(quiet, 2);
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, free_foreign_in_a_loop, NULL) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    dup2(saved, 2);
    check_witnesses(NULL);
}

// Standard error may be closed, or a file of the program's own by then: telling must not hurt.
CASE(standard_error_is_closed)
{
    int saved = dup(2);
    close(2);
    free(opaque_pointer(static_block));
    dup2(saved, 2);
    make_witnesses();
    check_witnesses(static_block);
}

// Run under foreign:abort, where it must end by SIGABRT and never come back.
CASE(ends_by_abort)
{
    free(opaque_pointer(static_block));
    check_end(CHECK_FAILED, __FILE__, __LINE__, "free returned");
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
