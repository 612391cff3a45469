// How folly, RocksDB and MariaDB find out whether the malloc of the process is jemalloc, written from
// descriptions of what they call. Each case prints what it finds; run without a jemalloc, it prints "absent".
#include "check.h"
#include <dlfcn.h>
#include <string>

extern "C"
{
#define WEAK __attribute__((weak))
    WEAK void *mallocx(size_t, int);
    WEAK void *rallocx(void *, size_t, int);
    WEAK size_t xallocx(void *, size_t, size_t, int);
    WEAK size_t sallocx(const void *, int);
    WEAK void dallocx(void *, int);
    WEAK void sdallocx(void *, size_t, int);
    WEAK size_t nallocx(size_t, int);
    WEAK int mallctl(const char *, void *, size_t *, void *, size_t);
    WEAK int mallctlnametomib(const char *, size_t *, size_t *);
    WEAK int mallctlbymib(const size_t *, size_t, void *, size_t *, void *, size_t);
    WEAK void malloc_stats_print(void (*)(void *, const char *), void *, const char *);
    WEAK size_t malloc_usable_size(void *);
}

static bool folly_uses_jemalloc()
{
    if (!mallocx || !rallocx || !xallocx || !sallocx || !dallocx || !sdallocx || !nallocx || !mallctl
        || !mallctlnametomib || !mallctlbymib)
        return false;
    volatile uint64_t *counter = nullptr;
    size_t length = sizeof counter;
    if (mallctl("thread.allocatedp", (void *)&counter, &length, nullptr, 0) != 0 || length != sizeof counter)
        return false;
    uint64_t before = *counter;
    static void *volatile block;
    block = malloc(1);
    if (block == nullptr)
        return false;
    free(block);
    return before != *counter;
}

// Sizes of containers, growth in place, and the purging of all arenas by a number in a MIB.
CASE(folly)
{
    if (!folly_uses_jemalloc())
    {
        puts("absent");
        return;
    }
    for (size_t size = 1; size < 10 << 20; size = size * 5 / 4 + 1)
    {
        size_t good = nallocx(size, 0);
        void *block = malloc(size);
        CHECK(good >= size && malloc_usable_size(block) >= good && nallocx(good, 0) == good);
        CHECK(xallocx(block, good, 0, 0) >= good);
        sdallocx(block, good, 0);
    }
    unsigned arenas = 0;
    size_t length = sizeof arenas, mib[3], depth = 3;
    CHECK(mallctl("opt.narenas", &arenas, &length, nullptr, 0) == 0 && arenas >= 1);
    CHECK(mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0) == 0);
    CHECK(mallctlnametomib("arena.0.purge", mib, &depth) == 0 && depth == 3);
    mib[1] = 4096;
    CHECK(mallctlbymib(mib, depth, nullptr, nullptr, nullptr, 0) == 0);
    puts("found");
}

static void append(void *report, const char *text)
{
    static_cast<std::string *>(report)->append(text);
}

CASE(rocksdb)
{
    bool found = mallocx && rallocx && xallocx && sallocx && dallocx && sdallocx && nallocx && mallctl
        && mallctlnametomib && mallctlbymib && malloc_stats_print && malloc_usable_size;
    if (!found)
    {
        puts("absent");
        return;
    }
    std::string report;
    malloc_stats_print(append, &report, "");
    CHECK(report.find("Allocated: ") != std::string::npos);
    CHECK(report.rfind("--- End jemalloc statistics ---\n") == report.size() - 32);
    puts("found");
}

CASE(mariadb)
{
    auto control = (int (*)(const char *, void *, size_t *, void *, size_t))dlsym(RTLD_DEFAULT, "mallctl");
    const char *version = nullptr;
    size_t length = sizeof version;
    if (control == nullptr || control("version", &version, &length, nullptr, 0) != 0)
        puts("absent");
    else
        printf("jemalloc %s\n", version);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
