// Several automatic arenas, arenas of processors, and the arena of oversize blocks. The options of each case
// are in the environment.
#include "arenas.h"
#include <sched.h>
#include <sys/wait.h>

static unsigned own_arena(void)
{
    return read_unsigned("thread.arena");
}

static int initialized(unsigned arena)
{
    return arena_bool(arena, "initialized");
}

enum { THREADS = 7, ARENAS = 4 };
static pthread_barrier_t barrier;

static void *report_arena(void *result)
{
    free(malloc(100));
    *(unsigned *)result = own_arena();
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return NULL;
}

// Of 7 threads and the one of main, each arena has 2; later ones fill up what ended ones left.
CASE(threads_are_spread)
{
    CHECK(read_unsigned("opt.narenas") == ARENAS && read_unsigned("arenas.narenas") == ARENAS);
    CHECK(own_arena() == 0 && initialized(0) && !initialized(1) && !initialized(3));
    size_t value, length = sizeof value;
    CHECK(mallctl("stats.arenas.2.pactive", &value, &length, NULL, 0) == ENOENT);
    CHECK(pthread_barrier_init(&barrier, NULL, THREADS + 1) == 0);
    for (int round = 0; round < 3; round++)
    {
        pthread_t threads[THREADS];
        unsigned arenas[THREADS], count[ARENAS] = { 1 };
        for (int i = 0; i < THREADS; i++)
            CHECK(pthread_create(&threads[i], NULL, report_arena, &arenas[i]) == 0);
        pthread_barrier_wait(&barrier);
        for (int i = 0; i < THREADS; i++)
            count[arenas[i]]++;
        refresh_epoch();
        for (unsigned i = 0; i < ARENAS; i++)
        {
            CHECK_THAT(count[i] == 2, "arena %u has %u threads", i, count[i]);
            CHECK(arena_size(i, "nthreads") == 2 && initialized(i));
        }
        CHECK(arena_size(4096, "nthreads") == THREADS + 1);
        pthread_barrier_wait(&barrier);
        for (int i = 0; i < THREADS; i++)
            CHECK(pthread_join(threads[i], NULL) == 0);
    }
    char text[32], *name = text;
    length = sizeof name;
    CHECK(mallctl("arena.2.name", &name, &length, NULL, 0) == 0 && strcmp(text, "auto_2") == 0);
}

CASE(arenas_begin_with_their_use)
{
    unsigned three = 3, now;
    size_t length = sizeof now;
    void *block = mallocx(100, ARENA(2));
    CHECK(arena_of(block) == 2 && initialized(2) && !initialized(1));
    CHECK(mallctl("thread.arena", &now, &length, &three, sizeof three) == 0 && now == 0);
    CHECK(own_arena() == 3 && arena_of(malloc(10)) == 3 && arena_of(malloc(1 << 20)) == 3);
    CHECK(act(2, "destroy") == EFAULT && act(2, "reset") == EFAULT && act(3, "purge") == 0);
    CHECK(create_arena() == ARENAS && read_unsigned("arenas.narenas") == ARENAS + 1);
    CHECK(mallocx(100, ARENA(ARENAS + 1)) == NULL && act(ARENAS, "destroy") == 0);
    struct { void *alloc, *others[8]; } *hooks;
    length = sizeof hooks;
    CHECK(mallctl("arena.2.extent_hooks", &hooks, &length, NULL, 0) == 0 && hooks->alloc != NULL);
    CHECK(mallctl("arena.1.extent_hooks", NULL, NULL, &hooks, sizeof hooks) == 0 && initialized(1));
    ssize_t decay = 7;
    CHECK(mallctl("arena.3.dirty_decay_ms", NULL, NULL, &decay, sizeof decay) == 0);
    free(block);
    CHECK(act(4096, "purge") == 0);
    refresh_epoch();
    CHECK(arena_size(2, "small.allocated") == 0 && arena_size(2, "small.nmalloc") == 1);
    CHECK(read_size("stats.allocated")
        == arena_size(4096, "small.allocated") + arena_size(4096, "large.allocated"));
}

// Blocks are freed and resized by threads of all arenas, which start, end and fork meanwhile.
enum { SLOTS = 2048, STEPS = 12000 };
static void *_Atomic slots[SLOTS];
static unsigned arenas;

static void *exchange(void *seed)
{
    uint64_t state = (uintptr_t)seed;
    for (int i = 0; i < STEPS; i++)
    {
        void *_Atomic *slot = &slots[random_next(&state) % SLOTS];
        size_t size = random_size(&state, i % 64 == 0 ? 21 : 13);
        char *block = __atomic_exchange_n((void **)slot, NULL, __ATOMIC_ACQ_REL);
        if (block != NULL)
        {
            CHECK(*(unsigned char *)block == (unsigned char)((uintptr_t)block >> 4));
            if (random_next(&state) % 4 == 0)
                block = realloc(block, size);
            else
            {
                free(block);
                block = NULL;
            }
        }
        block = block != NULL ? block
            : i % 16 == 0 ? mallocx(size, ARENA(random_next(&state) % arenas))
            : malloc(size);
        CHECK(block != NULL);
        *block = (char)((uintptr_t)block >> 4);
        free(__atomic_exchange_n((void **)slot, block, __ATOMIC_ACQ_REL));
    }
    return NULL;
}

static void use_all(int rounds)
{
    arenas = read_unsigned("opt.narenas");
    for (uintptr_t round = 0; round < (uintptr_t)rounds; round++)
    {
        pthread_t threads[6];
        for (uintptr_t i = 0; i < 6; i++)
            CHECK(pthread_create(&threads[i], NULL, exchange, (void *)(round * 10 + i + 1)) == 0);
        pid_t child = fork();
        if (child == 0)
        {
            exchange((void *)77);
            _exit(0);
        }
        int status;
        CHECK(waitpid(child, &status, 0) == child && status == 0);
        for (int i = 0; i < 6; i++)
            CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

CASE(blocks_cross_between_arenas)
{
    use_all(3);
    for (int i = 0; i < SLOTS; i++)
        free(slots[i]);
    refresh_epoch();
    CHECK_THAT(read_size("stats.allocated") < 1 << 20, "%zu", read_size("stats.allocated"));
    CHECK(arena_size(4096, "nthreads") == 1);
}

static int pin(int processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    return sched_setaffinity(0, sizeof set, &set);
}

static int processors[2], processor_count;

static void find_processors(void)
{
    cpu_set_t set;
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0);
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &set) && processor_count++ < 2)
            processors[processor_count - 1] = i;
    if (processor_count < 2)
        SKIP("this process may use one processor only");
}

CASE(threads_follow_their_processors)
{
    find_processors();
    CHECK(strcmp(read_text("opt.percpu_arena"), "percpu") == 0);
    CHECK(read_unsigned("opt.narenas") == (unsigned)processor_count);
    unsigned zero = 0;
    CHECK(mallctl("thread.arena", NULL, NULL, &zero, sizeof zero) == EPERM);
    static void *blocks[20000];
    for (int round = 0; round < 40; round++)
    {
        CHECK(pin(processors[round % 2]) == 0);
        for (int i = 0; i < 20000; i++)
        {
            size_t size = 1000 + i % 300;
            CHECK((blocks[i] = malloc(size)) != NULL);
            memset(blocks[i], round, 8);
        }
        CHECK_THAT(own_arena() == (unsigned)round % 2, "arena %u in round %d", own_arena(), round);
        CHECK(arena_of(malloc(100000)) == (unsigned)round % 2);
        for (int i = 0; i < 20000; i++)
        {
            CHECK(*(char *)blocks[i] == round);
            free(blocks[i]);
        }
        refresh_epoch();
        CHECK(arena_size(round % 2, "nthreads") == 1 && arena_size(4096, "nthreads") == 1);
    }
    unsigned manual = create_arena();
    CHECK(mallctl("thread.arena", NULL, NULL, &manual, sizeof manual) == 0);
    for (int i = 0; i < 20000; i++)
        CHECK(arena_of(malloc(2000)) == manual);
}

CASE(processors_of_a_core_share_an_arena)
{
    find_processors();
    CHECK(strcmp(read_text("opt.percpu_arena"), "phycpu") == 0);
    CHECK(read_unsigned("opt.narenas") == (unsigned)(processor_count + 1) / 2);
    use_all(1);
    CHECK(own_arena() < (unsigned)(processor_count + 1) / 2);
}

CASE(threads_move_while_they_exchange_blocks)
{
    use_all(3);
    for (int i = 0; i < SLOTS; i++)
        free(slots[i]);
    refresh_epoch();
    CHECK(read_size("stats.allocated") < 1 << 20 && arena_size(4096, "nthreads") == 1);
}

enum { MIB = 1 << 20, OVERSIZE = 1 };

CASE(oversize_blocks_have_an_arena)
{
    CHECK(read_size("opt.oversize_threshold") == MIB && read_unsigned("arenas.narenas") == 2);
    CHECK(read_unsigned("opt.narenas") == 1 && !initialized(OVERSIZE));
    char *small = malloc(MIB - 1), *block = malloc(MIB), *zeroed = calloc(3, MIB);
    CHECK(arena_of(small) == 0 && arena_of(block) == OVERSIZE && arena_of(zeroed) == OVERSIZE);
    CHECK(all_zero(zeroed, 3 * MIB) && initialized(OVERSIZE));
    void *aligned = aligned_alloc(1 << 16, 2 * MIB), *placed = mallocx(2 * MIB, ARENA(0));
    CHECK(arena_of(aligned) == OVERSIZE && (uintptr_t)aligned % (1 << 16) == 0 && arena_of(placed) == 0);
    CHECK(mallocx(100, ARENA(OVERSIZE)) != NULL && arena_of(mallocx(MIB, ARENA(OVERSIZE))) == OVERSIZE);
    pattern_fill(block, MIB, 1);
    block = realloc(block, 5 * MIB);
    CHECK(arena_of(block) == OVERSIZE && pattern_holds(block, MIB, 1));
    block = realloc(block, 200000);
    CHECK(pattern_holds(block, 200000, 1));
    small = realloc(small, 9 * MIB);
    CHECK(arena_of(small) == OVERSIZE && malloc_usable_size(small) >= 9 * MIB);
    char text[32], *name = text;
    size_t length = sizeof name;
    CHECK(mallctl("arena.1.name", &name, &length, NULL, 0) == 0 && strcmp(text, "auto_oversize") == 0);
    CHECK(act(OVERSIZE, "destroy") == EFAULT && create_arena() == 2);
    unsigned manual = 2;
    CHECK(mallctl("thread.arena", NULL, NULL, &manual, sizeof manual) == 0);
    CHECK(arena_of(malloc(4 * MIB)) == 2);
    CHECK(mallctl("arena.2.oversize_threshold", NULL, NULL, &length, sizeof length) == 0);
    CHECK(read_size("arena.2.oversize_threshold") == 8);
}

CASE(oversize_memory_returns_at_once)
{
    enum { SIZE = 40 * MIB };
    size_t before = status_kib("VmRSS:");
    char *block = memset(malloc(SIZE), 1, SIZE);
    CHECK(status_kib("VmRSS:") > before + SIZE / 1024 / 2);
    refresh_epoch();
    CHECK(arena_size(OVERSIZE, "large.allocated") == SIZE && arena_size(OVERSIZE, "nthreads") == 0);
    CHECK(arena_size(0, "large.allocated") == 0);
    free(block);
    CHECK(status_kib("VmRSS:") < before + SIZE / 1024 / 4);
    refresh_epoch();
    CHECK(arena_size(OVERSIZE, "pdirty") == 0 && arena_size(OVERSIZE, "large.allocated") == 0);
    ssize_t decay;
    size_t length = sizeof decay;
    CHECK(mallctl("arena.1.dirty_decay_ms", &decay, &length, NULL, 0) == 0 && decay == 0);
}

CASE(counters_count_in_all_arenas)
{
    volatile uint64_t *allocated, *freed;
    size_t length = 8;
    unsigned one = 1;
    CHECK(mallctl("thread.arena", NULL, NULL, &one, sizeof one) == 0);
    CHECK(mallctl("thread.allocatedp", (void *)&allocated, &length, NULL, 0) == 0);
    CHECK(mallctl("thread.deallocatedp", (void *)&freed, &length, NULL, 0) == 0);
    for (int i = 0; i < 2000; i++)
    {
        size_t size = i % 10 == 0 ? 2 * MIB : i + 1, grown = i % 7 == 0 ? size + 3 * MIB : size;
        uint64_t in = *allocated, out = *freed;
        void *block = i % 3 == 0 ? mallocx(size, ARENA(i % 4)) : malloc(size);
        in += malloc_usable_size(block);
        CHECK_THAT(*allocated == in, "call %d: %zu, not %zu", i, (size_t)*allocated, (size_t)in);
        out += malloc_usable_size(block);
        block = rallocx(block, grown, 0);
        in += malloc_usable_size(block);
        CHECK_THAT(*allocated == in && *freed == out, "call %d: %zu and %zu, not %zu and %zu", i,
            (size_t)*allocated, (size_t)*freed, (size_t)in, (size_t)out);
        out += malloc_usable_size(block);
        free(block);
        CHECK_THAT(*freed == out, "call %d: %zu, not %zu", i, (size_t)*freed, (size_t)out);
    }
    use_all(1);
}

CASE(automatic_arenas_share_a_limit)
{
    void *blocks[64];
    int count = 0;
    while (count < 64 && (blocks[count] = mallocx(MIB, ARENA(count % 3))) != NULL)
        count++;
    CHECK_THAT(count >= 12 && count <= 16, "%d blocks", count);
    CHECK(mallocx(MIB, ARENA(0)) == NULL && mallocx(MIB, ARENA(2)) == NULL);
    free(blocks[1]);
    CHECK((blocks[1] = mallocx(MIB, ARENA(2))) != NULL);
    unsigned manual = create_arena();
    CHECK(mallocx(MIB, ARENA(manual)) != NULL && mallocx(17 * MIB, ARENA(manual)) == NULL);
    CHECK(read_size("arena.3.limit") == 16 * MIB && read_size("arena.0.limit") == 0);
    size_t limit = 64 * MIB;
    CHECK(mallctl("arena.3.limit", NULL, NULL, &limit, sizeof limit) == 0);
    CHECK(mallocx(17 * MIB, ARENA(manual)) != NULL);
    for (int i = 0; i < count; i++)
        free(blocks[i]);
    CHECK(mallocx(10 * MIB, ARENA(1)) != NULL);
}

CASE(several_arenas_do_not_change_a_program)
{
    use_all(1);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
