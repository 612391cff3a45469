// C23's sized frees, and what glibc offers beyond allocating.
#include "surface.h"

typedef void free_sized_function(void *, size_t);
typedef void free_aligned_sized_function(void *, size_t, size_t);
typedef void cfree_function(void *);

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
