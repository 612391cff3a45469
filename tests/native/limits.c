// Memory that runs out: null and ENOMEM, blocks of before intact, and the program goes on.
// Exit code 3 is this program's own "out of memory", which only `survive` may end with.
#include "check.h"
#include <malloc.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>

static const size_t kib = 1024, mib = 1024 * 1024;
enum { OUT_OF_MEMORY = 3 };

// Blocks are kept in a list that lives in the blocks themselves: counting them needs no memory.
struct link
{
    struct link *next;
    size_t size;
};

struct chain
{
    struct link *first;
    size_t count;
    size_t bytes;
};

static const size_t stamp_size = 256;

static void chain_add(struct chain *chain, void *block, size_t size)
{
    struct link *link = block;
    size_t filled = size - sizeof *link < stamp_size ? size - sizeof *link : stamp_size;
    link->next = chain->first;
    link->size = size;
    pattern_fill(link + 1, filled, size);
    ((char *)block)[size - 1] = ((char *)block)[size - 1];
    chain->first = link;
    chain->count++;
    chain->bytes += size;
}

static void chain_free(struct chain *chain, size_t keep_every)
{
    struct chain kept = { 0 };
    for (struct link *link = chain->first, *next; link != NULL; link = next)
    {
        next = link->next;
        size_t filled = link->size - sizeof *link < stamp_size ? link->size - sizeof *link : stamp_size;
        CHECK_THAT(pattern_holds(link + 1, filled, link->size), "block of %zu bytes", link->size);
        if (keep_every != 0 && chain->count-- % keep_every == 0)
        {
            link->next = kept.first;
            kept.first = link;
            kept.count++;
            kept.bytes += link->size;
        }
        else
        {
            errno = 77;
            free(link);
            CHECK(errno == 77);
        }
    }
    *chain = kept;
}

// Until nothing is left (true), or the chain holds `most` bytes: an allocator that reserved its address space
// before a limit was lowered goes on serving from it, and must not be made to eat the machine's memory.
static int chain_fill(struct chain *chain, size_t smallest, size_t largest, size_t most)
{
    uint64_t state = 1234;
    while (chain->bytes < most)
    {
        size_t size = smallest + random_next(&state) % (largest - smallest + 1);
        errno = 0;
        void *block = malloc(size);
        if (block == NULL)
        {
            CHECK_THAT(errno == ENOMEM, "errno %d", errno);
            return 1;
        }
        chain_add(chain, block, size);
    }
    return 0;
}

// Every function at the point where nothing is left.
static void expect_exhausted(struct chain *chain)
{
    void *sentinel = &sentinel, *block = NULL;
    const size_t large = 2048 * mib;
    errno = 0;
    CHECK(malloc(large) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(calloc(2, large / 2) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(aligned_alloc(4096, large) == NULL && errno == ENOMEM);
    CHECK(posix_memalign(&sentinel, 64, large) == ENOMEM && sentinel == &sentinel);
    CHECK(chain->first != NULL);
    block = chain->first;
    errno = 0;
    CHECK(realloc(block, large) == NULL && errno == ENOMEM);
}

static void exhaust(size_t smallest, size_t largest, size_t enough, size_t most)
{
    struct chain chain = { 0 };
    for (int round = 0; round < 3; round++)
    {
        int exhausted = chain_fill(&chain, smallest, largest, most);
        CHECK_THAT(chain.bytes >= enough, "round %d: %zu KiB in %zu blocks", round, chain.bytes / kib,
            chain.count);
        if (exhausted)
            expect_exhausted(&chain);
        chain_free(&chain, round < 2 ? 3 : 0);
    }
    // Everything is free again: other sizes must find room in what the first ones left.
    size_t other = smallest > 100 * kib ? 5000 : 300 * kib;
    chain_fill(&chain, other, other, most);
    CHECK_THAT(chain.bytes >= enough / 2, "%zu KiB in blocks of %zu", chain.bytes / kib, other);
    chain_free(&chain, 0);
}

// The limit the program was started under.
static size_t address_space_limit(void)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_AS, &limit) == 0);
    if (limit.rlim_cur == RLIM_INFINITY)
        SKIP("runs under an address-space limit only");
    return limit.rlim_cur;
}

// Where the limit holds, more than this is never served.
static const size_t most_under_limit = (size_t)1100 * 1024 * 1024;

static void exhaust_under_limit(size_t smallest, size_t largest, size_t enough)
{
    CHECK(address_space_limit() < most_under_limit);
    exhaust(smallest, largest, enough, most_under_limit);
}

// At least a third of what is left under the limit must be served.
static size_t enough_under_limit(void)
{
    size_t mapped = status_kib("VmSize:") * kib, limit = address_space_limit();
    return limit > mapped + 16 * mib ? (limit - mapped) / 3 : 0;
}

CASE(address_space_exhausted_by_small_blocks)
{
    size_t enough = enough_under_limit();
    exhaust_under_limit(600, 1400, enough);
}

CASE(address_space_exhausted_by_medium_blocks)
{
    size_t enough = enough_under_limit();
    exhaust_under_limit(20 * kib, 200 * kib, enough);
}

CASE(address_space_exhausted_by_large_blocks)
{
    size_t enough = enough_under_limit();
    exhaust_under_limit(mib, 6 * mib, enough / 2);
}

CASE(address_space_exhausted_by_all_sizes)
{
    size_t enough = enough_under_limit();
    exhaust_under_limit(32, mib, enough / 2);
}

static void *exhausting_thread(void *argument)
{
    struct chain chain = { 0 };
    (void)argument;
    for (int round = 0; round < 5; round++)
    {
        CHECK(chain_fill(&chain, 1000, 60 * kib, most_under_limit));
        chain_free(&chain, round < 4 ? 2 : 0);
    }
    return NULL;
}

CASE(address_space_exhausted_by_threads)
{
    pthread_t threads[4];
    pthread_attr_t attributes;
    address_space_limit();
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * kib);
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], &attributes, exhausting_thread, NULL) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    struct chain chain = { 0 };
    chain_fill(&chain, 10 * kib, 10 * kib, most_under_limit);
    CHECK_THAT(chain.count > 100, "%zu blocks", chain.count);
    chain_free(&chain, 0);
}

static void lower(int resource, size_t bytes)
{
    struct rlimit limit;
    CHECK(getrlimit(resource, &limit) == 0);
    limit.rlim_cur = bytes;
    CHECK(setrlimit(resource, &limit) == 0);
}

static void lowered_at_run_time(int resource, const char *figure)
{
    struct chain before = { 0 };
    for (int i = 0; i < 3000; i++)
        chain_add(&before, malloc(10 * kib), 10 * kib);
    lower(resource, status_kib(figure) * kib + 24 * mib);
    exhaust(1000, 60 * kib, 4 * mib, 200 * mib);
    exhaust(500 * kib, 2 * mib, 0, 200 * mib);
    chain_free(&before, 0);
    lower(resource, RLIM_INFINITY);
    struct chain after = { 0 };
    for (int i = 0; i < 100; i++)
    {
        void *block = malloc(mib);
        CHECK(block != NULL);
        chain_add(&after, block, mib);
    }
    chain_free(&after, 0);
}

CASE(address_space_lowered_at_run_time)
{
    lowered_at_run_time(RLIMIT_AS, "VmSize:");
}

CASE(data_segment_lowered_at_run_time)
{
    lowered_at_run_time(RLIMIT_DATA, "VmData:");
}

// From here on the kernel maps nothing: free and the reuse of what is freed need nothing from it.
CASE(no_more_address_space_at_all)
{
    struct chain chain = { 0 };
    for (int i = 0; i < 4000; i++)
        chain_add(&chain, malloc(4 * kib), 4 * kib);
    lower(RLIMIT_AS, mib);
    chain_fill(&chain, 100, 70 * kib, 100 * mib);
    chain_free(&chain, 2);
    size_t served = 0;
    struct chain again = { 0 };
    for (void *block; served < 1000 && (block = malloc(4 * kib)) != NULL; served++)
        chain_add(&again, block, 4 * kib);
    CHECK_THAT(served == 1000, "%zu of 2000 freed blocks served again", served);
    chain_free(&again, 0);
    chain_free(&chain, 0);
    malloc_trim(0);
}

// Run with QUARRY_CONF=limit:64M.
CASE(limit_by_configuration)
{
    struct chain chain = { 0 };
    for (int round = 0; round < 3; round++)
    {
        chain_fill(&chain, 10 * kib, 10 * kib, 100 * mib);
        CHECK_THAT(chain.bytes <= 64 * mib && chain.bytes >= 40 * mib, "%zu KiB", chain.bytes / kib);
        errno = 0;
        CHECK(malloc(64 * mib) == NULL && errno == ENOMEM);
        CHECK(realloc(chain.first, 64 * mib) == NULL);
        chain_free(&chain, 0);
    }
    void *large = malloc(20 * mib);
    CHECK(large != NULL);
    free(large);
}

// An allocator that reserves a range readable and writable would have all of it populated here.
CASE(locked_memory)
{
    if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
        SKIP("mlockall is not permitted: %s", strerror(errno));
    struct chain chain = { 0 };
    for (int i = 0; i < 5000; i++)
    {
        void *block = malloc(100 + i);
        CHECK(block != NULL);
        chain_add(&chain, block, 100 + i);
    }
    for (int i = 0; i < 10; i++)
    {
        void *block = malloc(mib);
        CHECK(block != NULL);
        chain_add(&chain, block, mib);
    }
    CHECK_THAT(status_kib("VmRSS:") < 200 * kib, "%zu KiB", status_kib("VmRSS:"));
    chain_free(&chain, 2);
    malloc_trim(0);
    chain_free(&chain, 0);
}

// Run under vm.overcommit_memory=2: it does not fill the machine, which others use as well.
CASE(strict_overcommit)
{
    struct chain chain = { 0 };
    for (int i = 0; i < 50; i++)
    {
        void *block = malloc(mib);
        CHECK(block != NULL);
        chain_add(&chain, block, mib);
    }
    for (int i = 0; i < 20000; i++)
    {
        void *block = malloc(1000);
        CHECK(block != NULL);
        chain_add(&chain, block, 1000);
    }
    errno = 0;
    CHECK(malloc((size_t)1 << 42) == NULL && errno == ENOMEM);
    chain_free(&chain, 2);
    malloc_trim(0);
    chain_free(&chain, 0);
}

static void out_of_memory(void)
{
    _exit(OUT_OF_MEMORY);
}

static void *surviving_thread(void *argument)
{
    uint64_t state = (uintptr_t)argument + 1;
    struct chain chain = { 0 };
    for (int i = 0; i < 300; i++)
    {
        size_t size = 32 + random_size(&state, i % 20 == 0 ? 22 : 15);
        errno = 0;
        void *block = i % 3 == 0 ? calloc(1, size) : malloc(size);
        if (block == NULL)
        {
            CHECK_THAT(errno == ENOMEM, "errno %d for %zu bytes", errno, size);
            continue;
        }
        chain_add(&chain, block, size);
        if (i % 50 == 49)
            chain_free(&chain, 2);
    }
    chain_free(&chain, 0);
    return NULL;
}

// A short life that uses everything, run with a system call failing somewhere in it. The main thread comes
// first, because glibc's pthread_create asserts what is checked here by name: that null comes with ENOMEM.
CASE(survive)
{
    pthread_t threads[2];
    int started = 0;
    surviving_thread((void *)8);
    for (uintptr_t i = 0; i < 2; i++)
        started += pthread_create(&threads[started], NULL, surviving_thread, (void *)i) == 0;
    surviving_thread((void *)9);
    void *block = NULL;
    for (size_t size = 1; size < 40 * mib; size *= 3)
    {
        void *larger = realloc(block, size);
        if (larger == NULL)
            break;
        block = larger;
        pattern_fill(block, size < 4096 ? size : 4096, 1);
    }
    if (block == NULL)
        out_of_memory();
    free(block);
    if (posix_memalign(&block, 1 << 21, 3 * mib) == 0)
        free(block);
    malloc_trim(0);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    surviving_thread((void *)10);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
