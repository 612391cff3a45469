// jemalloc's arenas: creating, binding, resetting and destroying them, and blocks that cross between them.
#include "arenas.h"
#include <signal.h>
#include <sys/wait.h>

CASE(an_arena_serves_a_request)
{
    unsigned arena = create_arena();
    char *block = mallocx(5000, ARENA(arena) | NO_CACHE | ZERO);
    CHECK(block != NULL && arena_of(block) == arena && all_zero(block, 5000));
    dallocx(block, NO_CACHE);
    CHECK(act(arena, "destroy") == 0);
}

CASE(blocks_come_from_the_arena_that_is_named)
{
    unsigned first = create_arena(), second = create_arena();
    CHECK(first == 1 && second == 2 && read_unsigned("arenas.narenas") == 3);
    CHECK(arena_bool(first, "initialized") == 1 && arena_bool(3, "initialized") == 1);
    static const size_t sizes[] = { 1, 24, 500, 5000, 60000, 70000, 1 << 20, 3 << 20, (size_t)80 << 20 };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
    {
        void *a = mallocx(sizes[i], ARENA(first) | NO_CACHE), *b = mallocx(sizes[i], ARENA(second));
        void *c = mallocx(sizes[i], ARENA(0)), *d = malloc(sizes[i]);
        CHECK(a && b && c && d);
        CHECK(arena_of(a) == first && arena_of(b) == second && arena_of(c) == 0 && arena_of(d) == 0);
        CHECK(sallocx(a, 0) == nallocx(sizes[i], 0) && malloc_usable_size(b) == sallocx(b, 0));
        memset(a, 1, sizes[i]);
        memset(b, 2, sizes[i]);
        free(a);
        dallocx(b, ARENA(second) | NO_CACHE);
        sdallocx(c, sizes[i], 0);
        free(d);
    }
    CHECK(mallocx(100, ARENA(3)) == NULL && mallocx(100, ARENA(4094)) == NULL);
    char *zeroed = mallocx(300000, ARENA(first) | ZERO | LG_ALIGN(16));
    CHECK((uintptr_t)zeroed % 65536 == 0 && all_zero(zeroed, 300000) && arena_of(zeroed) == first);
}

CASE(blocks_are_resized_across_arenas)
{
    unsigned arena = create_arena(), other = create_arena();
    uint64_t state = 11;
    char *block = NULL;
    size_t size = 0;
    for (int i = 0; i < 20000; i++)
    {
        size_t next = random_size(&state, i % 100 == 0 ? 23 : 17);
        int flags = i % 3 == 0 ? ARENA(arena) : i % 3 == 1 ? ARENA(other) : 0;
        if (block != NULL)
            pattern_fill(block, size, i);
        block = i % 2 ? rallocx(block, next, flags) : realloc(block, next);
        CHECK(block != NULL && sallocx(block, 0) >= next);
        CHECK(pattern_holds(block, size < next ? size : next, i));
        size = next;
    }
    CHECK(rallocx(block, 100, ARENA(9)) == NULL && sallocx(block, 0) >= size);
    free(block);
    block = mallocx(1 << 20, ARENA(arena));
    CHECK(xallocx(block, 1 << 19, 0, 0) == 1 << 19 && arena_of(block) == arena);
    CHECK(xallocx(block, 1 << 19, 1 << 19, 0) == 1 << 20);
    CHECK(realloc(block, 0) == NULL);
}

CASE(indexes_end_at_4094)
{
    // Each arena reserves address space; a small one suffices here.
    unsigned count = 1, index;
    size_t length = sizeof index;
    while (mallctl("arenas.create", &index, &length, NULL, 0) == 0)
    {
        CHECK_THAT(index == count, "%u, not %u", index, count);
        count++;
    }
    CHECK_THAT(count == 4095 && length == sizeof index, "%u", count);
    void *block = mallocx(100, ARENA(4094));
    CHECK(block != NULL && arena_of(block) == 4094);
    CHECK(act(7, "destroy") == 0 && act(4094, "destroy") == 0 && act(20, "destroy") == 0);
    CHECK(create_arena() == 20 && create_arena() == 4094 && create_arena() == 7);
    CHECK(mallctl("arenas.create", &index, &length, NULL, 0) == EAGAIN);
}

CASE(destroying_returns_everything)
{
    unsigned arena = create_arena();
    size_t before = status_kib("VmSize:");
    enum { COUNT = 2000 };
    for (int i = 0; i < COUNT; i++)
    {
        size_t size = i % 50 == 0 ? 1 << 20 : i % 3 == 0 ? 70000 : 300;
        CHECK(memset(mallocx(size, ARENA(arena)), 1, size));
    }
    void *huge = mallocx((size_t)300 << 20, ARENA(arena) | LG_ALIGN(22));
    CHECK(huge != NULL && arena_of(huge) == arena);
    CHECK(status_kib("VmSize:") >= before);
    CHECK(arena_size(arena, "pactive") * 4096 > (size_t)300 << 20);
    CHECK(act(arena, "destroy") == 0);
    size_t after = status_kib("VmSize:");
    CHECK_THAT(after < before - (900 << 10), "%zu KiB, then %zu KiB", before, after);
    CHECK(arena_bool(arena, "initialized") == 0);
    CHECK(mallocx(100, ARENA(arena)) == NULL && act(arena, "destroy") == EFAULT);
    CHECK(act(arena, "reset") == EFAULT && act(0, "destroy") == EFAULT && act(0, "reset") == EFAULT);
    CHECK(act(arena, "purge") == 0);
    size_t value, length = sizeof value;
    CHECK(mallctl("stats.arenas.1.pactive", &value, &length, NULL, 0) == ENOENT);
    refresh_epoch();
    CHECK(read_size("stats.arenas.4097.small.nmalloc") > COUNT / 2);
    CHECK(read_size("stats.arenas.4097.small.nmalloc") == read_size("stats.arenas.4097.small.ndalloc"));
    CHECK(read_size("stats.arenas.4097.large.nmalloc") == read_size("stats.arenas.4097.large.ndalloc"));
    CHECK(read_size("stats.arenas.4097.pactive") == 0 && arena_bool(4097, "initialized") == 1);
    CHECK(create_arena() == arena && arena_size(arena, "small.nmalloc") == 0);
}

CASE(resetting_frees_all_blocks)
{
    unsigned arena = create_arena(), bound = arena;
    CHECK(mallctl("thread.arena", NULL, NULL, &bound, sizeof bound) == 0);
    for (int round = 0; round < 50; round++)
    {
        for (int i = 0; i < 2000; i++)
        {
            size_t size = i % 100 == 0 ? 3 << 20 : i % 7 == 0 ? 70000 : 40 + i;
            sink = mallocx(size, i % 2 ? ARENA(arena) : 0);
            CHECK(sink != NULL && arena_of(sink) == arena);
            *(char *)sink = 1;
            if (i % 5 == 0)
                free(sink);
        }
        CHECK(act(arena, "reset") == 0);
        refresh_epoch();
        CHECK(arena_size(arena, "small.allocated") == 0 && arena_size(arena, "large.allocated") == 0);
        CHECK(arena_size(arena, "small.nmalloc") == arena_size(arena, "small.ndalloc"));
        CHECK(arena_size(arena, "nthreads") == 1);
    }
    CHECK(act(arena, "purge") == 0);
    refresh_epoch();
    CHECK(arena_size(arena, "pdirty") == 0);
    bound = 0;
    CHECK(act(arena, "destroy") == EFAULT);
    CHECK(mallctl("thread.arena", NULL, NULL, &bound, sizeof bound) == 0);
    CHECK(act(arena, "destroy") == 0);
}

CASE(a_bound_thread_allocates_from_its_arena)
{
    unsigned arena = create_arena(), now = 9;
    size_t length = sizeof now;
    void *before = malloc(100);
    CHECK(mallctl("thread.arena", &now, &length, &arena, sizeof arena) == 0 && now == 0);
    CHECK(mallctl("thread.arena", &now, &length, NULL, 0) == 0 && now == arena);
    for (int i = 0; i < 30000; i++)
    {
        char *small = malloc(i % 1000 + 1), *large = i % 100 ? NULL : calloc(1, 200000);
        CHECK(arena_of(small) == arena && (large == NULL || arena_of(large) == arena));
        void *of_other = mallocx(i % 1000 + 1, ARENA(0));
        CHECK(arena_of(of_other) == 0);
        small = realloc(small, 2000);
        free(i % 2 ? of_other : (void *)small);
        free(i % 2 ? (void *)small : of_other);
        free(large);
    }
    CHECK(realloc(before, 200000) != NULL);
    unsigned missing = 4000;
    CHECK(mallctl("thread.arena", NULL, NULL, &missing, sizeof missing) == EFAULT);
    missing = 4096;
    CHECK(mallctl("thread.arena", NULL, NULL, &missing, sizeof missing) == EFAULT);
    unsigned zero = 0;
    CHECK(mallctl("thread.arena", &now, &length, &zero, sizeof zero) == 0 && now == arena);
    CHECK(arena_of(malloc(10)) == 0);
}

static void *use_and_end(void *argument)
{
    unsigned arena = *(unsigned *)argument;
    void **blocks = malloc(1000 * sizeof *blocks);
    CHECK(mallctl("thread.arena", NULL, NULL, &arena, sizeof arena) == 0);
    for (int i = 0; i < 1000; i++)
        blocks[i] = memset(malloc(i + 1), i, i + 1);
    CHECK(arena_of(blocks[999]) == arena);
    return blocks;
}

CASE(threads_that_end_release_their_arena)
{
    unsigned arena = create_arena();
    for (int round = 0; round < 30; round++)
    {
        pthread_t threads[4];
        for (int i = 0; i < 4; i++)
            CHECK(pthread_create(&threads[i], NULL, use_and_end, &arena) == 0);
        for (int i = 0; i < 4; i++)
        {
            void **blocks;
            CHECK(pthread_join(threads[i], (void **)&blocks) == 0);
            for (int k = 0; k < 1000; k++)
            {
                CHECK(*(unsigned char *)blocks[k] == (unsigned char)k);
                free(blocks[k]);
            }
            free(blocks);
        }
    }
    refresh_epoch();
    CHECK(arena_size(arena, "nthreads") == 0 && arena_size(arena, "small.allocated") == 0);
    CHECK(arena_size(arena, "small.nmalloc") == 30 * 4 * 1000);
    CHECK(act(arena, "destroy") == 0);
}

static volatile int handled;

static void handle(int signal)
{
    void *of_arena = mallocx(100, ARENA(1)), *own = malloc(100), *of_first = mallocx(100, ARENA(0));
    CHECK(of_arena && own && of_first && signal == SIGALRM);
    free(of_arena);
    free(own);
    free(of_first);
    handled++;
}

CASE(signal_handlers_use_arenas)
{
    CHECK(create_arena() == 1);
    struct sigaction action = { .sa_handler = handle };
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    struct itimerval period = { { 0, 500 }, { 0, 500 } };
    CHECK(setitimer(ITIMER_REAL, &period, NULL) == 0);
    void *blocks[64] = { NULL };
    uint64_t state = 3;
    for (int i = 0; i < 3000000 && handled < 500; i++)
    {
        if (i % 100000 == 0)
        {
            unsigned arena = i / 100000 % 2;
            CHECK(mallctl("thread.arena", NULL, NULL, &arena, sizeof arena) == 0);
        }
        void **slot = &blocks[random_next(&state) % 64];
        free(*slot);
        size_t size = random_size(&state, 14);
        *slot = i % 3 ? malloc(size) : mallocx(size, ARENA(i % 2));
        CHECK(*slot != NULL);
        *(char *)*slot = 1;
    }
    period = (struct itimerval){ { 0, 0 }, { 0, 0 } };
    CHECK(setitimer(ITIMER_REAL, &period, NULL) == 0);
    CHECK(handled > 0);
    for (int i = 0; i < 64; i++)
        free(blocks[i]);
}

CASE(children_use_their_arenas)
{
    unsigned arena = create_arena(), other = create_arena(), now = 0;
    size_t length = sizeof now;
    pthread_t threads[3];
    CHECK(mallctl("thread.arena", NULL, NULL, &arena, sizeof arena) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, use_and_end, &other) == 0);
    void *block = malloc(100);
    pid_t child = fork();
    if (child == 0)
    {
        CHECK(mallctl("thread.arena", &now, &length, NULL, 0) == 0 && now == arena);
        free(block);
        for (int i = 0; i < 10000; i++)
        {
            sink = malloc(i % 500 + 1);
            CHECK(arena_of(sink) == arena);
            void *of_other = mallocx(i % 500 + 1, ARENA(other));
            CHECK(arena_of(of_other) == other);
            free(of_other);
            free(sink);
        }
        // No thread of the parent is bound any more.
        CHECK(act(other, "destroy") == 0 && act(arena, "destroy") == EFAULT);
        CHECK(create_arena() == other);
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

static volatile int forking;

static void *bind_and_end(void *arena)
{
    CHECK(mallctl("thread.arena", NULL, NULL, arena, sizeof(unsigned)) == 0);
    free(malloc(100));
    return NULL;
}

static void *start_threads_that_end(void *arena)
{
    while (forking)
    {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, bind_and_end, arena) == 0 && pthread_join(thread, NULL) == 0);
    }
    return NULL;
}

// A thread that was about to end when the process forked does not exist in the child either.
CASE(threads_that_are_ending_do_not_keep_an_arena_in_children)
{
    unsigned arena = create_arena();
    pthread_t threads[3];
    forking = 1;
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, start_threads_that_end, &arena) == 0);
    for (int i = 0; i < 1000; i++)
    {
        pid_t child = fork();
        if (child == 0)
            _exit(act(arena, "destroy"));
        int status;
        CHECK(waitpid(child, &status, 0) == child && status == 0);
    }
    forking = 0;
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

CASE(counters_cover_all_arenas)
{
    unsigned arena = create_arena(), zero = 0;
    volatile uint64_t *allocated, *freed;
    size_t length = 8;
    CHECK(mallctl("thread.allocatedp", (void *)&allocated, &length, NULL, 0) == 0);
    CHECK(mallctl("thread.deallocatedp", (void *)&freed, &length, NULL, 0) == 0);
    uint64_t in = 0, out = 0, in_before = *allocated, out_before = *freed, state = 5;
    static void *blocks[256];
    for (int i = 0; i < 40000; i++)
    {
        if (i % 1000 == 0)
            CHECK(mallctl("thread.arena", NULL, NULL, i % 2000 ? &zero : &arena, sizeof zero) == 0);
        void **slot = &blocks[random_next(&state) % 256];
        size_t size = random_size(&state, 18), old = malloc_usable_size(*slot);
        switch (random_next(&state) % 4)
        {
        case 0:
            *slot = realloc(*slot, size);
            break;
        case 1:
            *slot = rallocx(*slot, size, ARENA(arena));
            break;
        case 2:
            free(*slot);
            *slot = mallocx(size, ARENA(i % 2));
            break;
        default:
            free(*slot);
            *slot = malloc(size);
            break;
        }
        in += malloc_usable_size(*slot);
        out += old;
        CHECK_THAT(*allocated - in_before == in, "call %d: %zu, not %zu, after %zu to %zu", i,
            *allocated - in_before, in, old, size);
        CHECK_THAT(*freed - out_before == out, "call %d: %zu, not %zu", i, *freed - out_before, out);
    }
}

CASE(explicit_caches_keep_blocks)
{
    unsigned arena = create_arena(), id;
    size_t length = sizeof id;
    CHECK(mallctl("tcache.create", &id, &length, NULL, 0) == 0);
    int flags = ARENA(arena) | CACHE(id);
    void *block = mallocx(100, flags), *large = mallocx(1 << 20, flags);
    CHECK(arena_of(block) == arena && arena_of(large) == arena);
    dallocx(block, flags);
    dallocx(large, flags);
    refresh_epoch();
    CHECK(arena_size(arena, "small.allocated") == nallocx(100, 0));
    CHECK(mallocx(100, CACHE(id) | ARENA(0)) != block);
    CHECK(mallocx(100, flags) == block);
    dallocx(block, flags);
    CHECK(mallctl("tcache.flush", NULL, NULL, &id, sizeof id) == 0);
    refresh_epoch();
    CHECK(arena_size(arena, "small.allocated") == 0);
    static void *blocks[5000];
    for (int round = 0; round < 20; round++)
    {
        for (int i = 0; i < 5000; i++)
            blocks[i] = memset(mallocx(i % 3000 + 1, flags), i, i % 3000 + 1);
        for (int i = 0; i < 5000; i++)
        {
            CHECK(*(unsigned char *)blocks[i] == (unsigned char)i);
            dallocx(blocks[i], flags);
        }
    }
    char *zeroed = mallocx(500, flags | ZERO);
    CHECK(all_zero(zeroed, sallocx(zeroed, 0)));
    zeroed = rallocx(zeroed, 3000, flags | ZERO);
    CHECK(all_zero(zeroed, sallocx(zeroed, 0)));
    dallocx(zeroed, flags);
    CHECK(mallctl("tcache.destroy", NULL, NULL, &id, sizeof id) == 0);
    refresh_epoch();
    CHECK(arena_size(arena, "small.allocated") == 0 && act(arena, "destroy") == 0);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
