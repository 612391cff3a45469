// How folly, RocksDB and MariaDB find out whether the malloc of the process is jemalloc, written from
// descriptions of what they call. Each case prints what it finds; run without a jemalloc, it prints "absent".
#include "jemalloc.h"
#include <dlfcn.h>
#include <string>

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

// The functions of an arena for its memory, in jemalloc's order.
struct extent_hooks
{
    void *(*alloc)(extent_hooks *, void *, size_t, size_t, bool *, bool *, unsigned);
    void *others[8];
};

static extent_hooks *hooks_of(unsigned arena)
{
    char name[64];
    extent_hooks *hooks = nullptr;
    size_t length = sizeof hooks;
    snprintf(name, sizeof name, "arena.%u.extent_hooks", arena);
    CHECK(mallctl(name, &hooks, &length, nullptr, 0) == 0 && hooks != nullptr);
    return hooks;
}

static unsigned create_arena()
{
    unsigned arena = 0;
    size_t length = sizeof arena;
    CHECK(mallctl("arenas.create", &arena, &length, nullptr, 0) == 0);
    return arena;
}

static void *(*original_alloc)(extent_hooks *, void *, size_t, size_t, bool *, bool *, unsigned);
static size_t provided;

static void *counting_alloc(
    extent_hooks *hooks, void *at, size_t size, size_t alignment, bool *zero, bool *commit, unsigned arena)
{
    void *memory = original_alloc(hooks, at, size, alignment, zero, commit, arena);
    provided += memory != nullptr ? size : 0;
    return memory;
}

// A block cache whose memory is left out of core dumps: arenas with an alloc hook of their own, used through
// an explicit cache. The original hook is kept once for all arenas, so it must be the same in each.
CASE(rocksdb_cache)
{
    unsigned arenas[2] = { create_arena(), create_arena() }, cache = 0;
    static extent_hooks hooks[2];
    original_alloc = hooks_of(arenas[0])->alloc;
    size_t length = sizeof cache;
    for (int i = 0; i < 2; i++)
    {
        CHECK(hooks_of(arenas[i])->alloc == original_alloc);
        hooks[i] = *hooks_of(arenas[i]);
        hooks[i].alloc = counting_alloc;
        char name[64];
        extent_hooks *added = &hooks[i];
        snprintf(name, sizeof name, "arena.%u.extent_hooks", arenas[i]);
        CHECK(mallctl(name, nullptr, nullptr, &added, sizeof added) == 0 && hooks_of(arenas[i]) == added);
    }
    CHECK(mallctl("tcache.create", &cache, &length, nullptr, 0) == 0);
    static void *blocks[2000];
    for (int i = 0; i < 2000; i++)
    {
        int flags = (int)((arenas[i % 2] + 1) << 20 | (cache + 2) << 8);
        blocks[i] = mallocx(16000, flags);
        CHECK(blocks[i] != nullptr);
        memset(blocks[i], i, 16000);
    }
    CHECK_THAT(provided >= 20 << 20, "%zu", provided);
    for (int i = 0; i < 2000; i++)
        dallocx(blocks[i], (int)((cache + 2) << 8));
    CHECK(mallctl("tcache.destroy", nullptr, nullptr, &cache, sizeof cache) == 0);
    for (unsigned arena : arenas)
    {
        char name[64];
        snprintf(name, sizeof name, "arena.%u.destroy", arena);
        CHECK(mallctl(name, nullptr, nullptr, nullptr, 0) == 0);
    }
    puts("destroyed");
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
