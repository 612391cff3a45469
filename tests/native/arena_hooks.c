// jemalloc's extent hooks: functions of the program that provide the memory of an arena.
#include "arenas.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>

// The signatures are jemalloc's, and few hooks need all arguments.
#pragma GCC diagnostic ignored "-Wunused-parameter"

typedef struct hooks hooks;
struct hooks
{
    void *(*alloc)(hooks *, void *, size_t, size_t, bool *, bool *, unsigned);
    bool (*dalloc)(hooks *, void *, size_t, bool, unsigned);
    void (*destroy)(hooks *, void *, size_t, bool, unsigned);
    bool (*commit)(hooks *, void *, size_t, size_t, size_t, unsigned);
    bool (*decommit)(hooks *, void *, size_t, size_t, size_t, unsigned);
    bool (*purge_lazy)(hooks *, void *, size_t, size_t, size_t, unsigned);
    bool (*purge_forced)(hooks *, void *, size_t, size_t, size_t, unsigned);
    bool (*split)(hooks *, void *, size_t, size_t, size_t, bool, unsigned);
    bool (*merge)(hooks *, void *, size_t, void *, size_t, bool, unsigned);
};

// The structure that a program embeds the hooks in, as many do.
struct counting
{
    int before;
    hooks hooks;
    unsigned arena;
    bool refuses;
    volatile size_t allocs, dallocs, destroys, commits, decommits, lazy, forced, splits, merges;
    volatile size_t bytes;
    pthread_mutex_t lock;
    struct range
    {
        char *start;
        size_t size;
    } ranges[4096];
};

static struct counting *counting_of(hooks *table)
{
    return (struct counting *)((char *)table - offsetof(struct counting, hooks));
}

static void use_malloc(void)
{
    void *volatile block = malloc(1000), *volatile large = malloc(100000);
    CHECK(block && large && arena_of(block) == 0 && arena_of(large) == 0);
    free(block);
    free(large);
}

static void *count_alloc(hooks *table, void *at, size_t size, size_t alignment, bool *zero, bool *commit,
    unsigned arena)
{
    struct counting *self = counting_of(table);
    CHECK(at == NULL && size % 4096 == 0 && alignment >= 4096 && (alignment & (alignment - 1)) == 0);
    CHECK(arena == self->arena);
    use_malloc();
    if (self->allocs == 0)
        CHECK(alignment == 2 << 20);
    char *raw = mmap(NULL, size + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (raw == MAP_FAILED)
        return NULL;
    char *start = (char *)(((uintptr_t)raw + alignment - 1) & -alignment);
    if (start > raw)
        munmap(raw, start - raw);
    munmap(start + size, raw + alignment - start);
    pthread_mutex_lock(&self->lock);
    for (struct range *range = self->ranges; ; range++)
    {
        CHECK(range < self->ranges + 4096);
        if (range->start == NULL)
        {
            *range = (struct range){ start, size };
            break;
        }
    }
    self->allocs++;
    self->bytes += size;
    pthread_mutex_unlock(&self->lock);
    *zero = true;
    *commit = true;
    return start;
}

static void forget(struct counting *self, char *start, size_t size)
{
    pthread_mutex_lock(&self->lock);
    for (struct range *range = self->ranges; ; range++)
    {
        CHECK_THAT(range < self->ranges + 4096, "%p of %zu bytes is unknown", start, size);
        if (range->start == start && range->size == size)
        {
            range->start = NULL;
            break;
        }
    }
    self->bytes -= size;
    pthread_mutex_unlock(&self->lock);
    munmap(start, size);
}

static bool count_dalloc(hooks *table, void *start, size_t size, bool committed, unsigned arena)
{
    struct counting *self = counting_of(table);
    self->dallocs++;
    use_malloc();
    CHECK(committed && arena == self->arena);
    if (!self->refuses)
        forget(self, start, size);
    return self->refuses;
}

static void count_destroy(hooks *table, void *start, size_t size, bool committed, unsigned arena)
{
    struct counting *self = counting_of(table);
    self->destroys++;
    CHECK(arena == self->arena);
    forget(self, start, size);
}

static bool count_forced(hooks *table, void *start, size_t size, size_t offset, size_t length, unsigned arena)
{
    counting_of(table)->forced++;
    return madvise((char *)start + offset, length, MADV_DONTNEED) != 0;
}

static bool count_lazy(hooks *table, void *start, size_t size, size_t offset, size_t length, unsigned arena)
{
    counting_of(table)->lazy++;
    return false;
}

static bool count_commit(hooks *table, void *start, size_t size, size_t offset, size_t length, unsigned arena)
{
    counting_of(table)->commits++;
    return mprotect((char *)start + offset, length, PROT_READ | PROT_WRITE) != 0;
}

static bool count_decommit(hooks *table, void *start, size_t size, size_t offset, size_t length,
    unsigned arena)
{
    counting_of(table)->decommits++;
    memset((char *)start + offset, 0xee, length);
    return mprotect((char *)start + offset, length, PROT_NONE) != 0;
}

static struct counting state =
{
    .hooks = { .alloc = count_alloc, .dalloc = count_dalloc, .destroy = count_destroy,
        .purge_forced = count_forced, .purge_lazy = count_lazy },
    .lock = PTHREAD_MUTEX_INITIALIZER,
};

static unsigned create_hooked(hooks *table)
{
    unsigned index = 0;
    size_t length = sizeof index;
    state.arena = read_unsigned("arenas.narenas");
    CHECK(mallctl("arenas.create", &index, &length, &table, sizeof table) == 0 && index == state.arena);
    return index;
}

static bool is_from_hooks(void *block)
{
    for (struct range *range = state.ranges; range < state.ranges + 4096; range++)
        if (range->start != NULL && (size_t)((char *)block - range->start) < range->size)
            return true;
    return false;
}

static void use_arena(unsigned arena, int count)
{
    static void *blocks[2000];
    uint64_t random = 21;
    for (int i = 0; i < count; i++)
    {
        void **slot = &blocks[random_next(&random) % 2000];
        free(*slot);
        size_t size = random_size(&random, i % 200 == 0 ? 24 : 17);
        *slot = mallocx(size, ARENA(arena) | (i % 7 == 0 ? ZERO : 0) | (i % 50 == 0 ? LG_ALIGN(18) : 0));
        CHECK(*slot != NULL && (i % 7 != 0 || all_zero(*slot, size)));
        CHECK(is_from_hooks(*slot));
        memset(*slot, 0x5a, size);
    }
    for (int i = 0; i < 2000; i++)
    {
        free(blocks[i]);
        blocks[i] = NULL;
    }
}

CASE(the_default_hooks_are_one_structure)
{
    hooks *first = NULL, *second = NULL;
    size_t length = sizeof first;
    char name[64];
    snprintf(name, sizeof name, "arena.%u.extent_hooks", create_arena());
    CHECK(mallctl(name, &first, &length, NULL, 0) == 0);
    snprintf(name, sizeof name, "arena.%u.extent_hooks", create_arena());
    CHECK(mallctl(name, &second, &length, NULL, 0) == 0);
    CHECK(first == second && first != NULL && first->alloc != NULL);
}

CASE(all_memory_comes_from_the_hooks)
{
    unsigned arena = create_hooked(&state.hooks);
    CHECK(state.allocs == 1 && state.bytes <= 2 << 20);
    hooks *now;
    size_t length = sizeof now;
    CHECK(mallctl("arena.1.extent_hooks", &now, &length, NULL, 0) == 0 && now == &state.hooks);
    size_t limit = 4 << 20;
    CHECK(mallctl("arena.1.retain_grow_limit", NULL, NULL, &limit, sizeof limit) == 0);
    use_arena(arena, 20000);
    CHECK(state.allocs > 3 && state.dallocs > 0);
    CHECK(act(arena, "purge") == 0 && state.forced > 0);
    // Threads have their thread heaps from the hooks, too.
    CHECK(mallctl("thread.arena", NULL, NULL, &arena, sizeof arena) == 0);
    sink = malloc(300);
    CHECK(is_from_hooks(sink));
    sink = realloc(sink, 10 << 20);
    CHECK(is_from_hooks(sink));
    sink = realloc(sink, 20 << 20);
    CHECK(is_from_hooks(sink));
    unsigned zero = 0;
    CHECK(mallctl("thread.arena", NULL, NULL, &zero, sizeof zero) == 0);
    CHECK(act(arena, "reset") == 0 && act(arena, "destroy") == 0);
    CHECK_THAT(state.bytes == 0, "%zu bytes remain", state.bytes);
}

CASE(refused_extents_are_retained)
{
    state.refuses = true;
    unsigned arena = create_hooked(&state.hooks);
    for (int round = 0; round < 20; round++)
    {
        char *block = mallocx(10 << 20, ARENA(arena) | ZERO);
        CHECK(block != NULL && all_zero(block, 10 << 20));
        memset(block, 1, 10 << 20);
        free(block);
    }
    CHECK_THAT(state.allocs <= 3, "%zu", state.allocs);
    CHECK(state.dallocs == 20 && state.forced >= 20 && state.lazy == 0 && state.destroys == 0);
    CHECK(act(arena, "destroy") == 0);
    CHECK(state.bytes == 0 && state.destroys == state.allocs);
}

CASE(each_hook_is_tried_in_turn)
{
    state.refuses = true;
    state.hooks.decommit = count_decommit;
    state.hooks.commit = count_commit;
    unsigned arena = create_hooked(&state.hooks);
    for (int round = 0; round < 5; round++)
    {
        char *block = mallocx(6 << 20, ARENA(arena) | ZERO);
        CHECK(block != NULL && all_zero(block, 6 << 20));
        memset(block, 1, 6 << 20);
        free(block);
    }
    CHECK(state.decommits == 5 && state.commits == 4 && state.dallocs == 5);
    // Without a split hook the retained extent is kept whole.
    size_t allocs = state.allocs;
    free(mallocx(4 << 20, ARENA(arena)));
    CHECK(state.allocs > allocs);
    CHECK(act(arena, "destroy") == 0 && state.bytes == 0);
    // Only alloc is mandatory.
    state.hooks = (hooks){ .alloc = count_alloc };
    arena = state.arena = 1;
    hooks *table = &state.hooks, *none = NULL, incomplete = { 0 };
    size_t length = sizeof arena;
    CHECK(mallctl("arenas.create", &arena, &length, &table, sizeof table) == 0 && arena == 1);
    use_arena(arena, 3000);
    CHECK(act(arena, "purge") == 0 && act(arena, "destroy") == 0 && state.bytes > 0);
    table = &incomplete;
    CHECK(mallctl("arenas.create", &arena, &length, &table, sizeof table) == EFAULT);
    CHECK(mallctl("arena.0.extent_hooks", NULL, NULL, &table, sizeof table) == EFAULT);
    CHECK(mallctl("arena.0.extent_hooks", NULL, NULL, &none, sizeof none) == EFAULT);
    CHECK(mallctl("arena.1.extent_hooks", NULL, NULL, &none, sizeof none) == EFAULT);
    CHECK(mallctl("arenas.create", &arena, &length, &table, 4) == EINVAL);
}

static size_t forwarded;
static hooks default_hooks;

static void *forward_alloc(hooks *table, void *at, size_t size, size_t alignment, bool *zero, bool *commit,
    unsigned arena)
{
    forwarded++;
    return default_hooks.alloc(table, at, size, alignment, zero, commit, arena);
}

// As RocksDB does: the default hooks with another alloc, installed in an arena that exists.
CASE(hooks_are_installed_later)
{
    unsigned arena = create_arena(), other = create_arena();
    hooks *first, *second, *old;
    size_t length = sizeof first;
    CHECK(mallctl("arena.1.extent_hooks", &first, &length, NULL, 0) == 0);
    CHECK(mallctl("arena.2.extent_hooks", &second, &length, NULL, 0) == 0);
    CHECK(first == second && first->alloc != NULL && other == 2);
    void *before = mallocx(200000, ARENA(arena));
    static hooks copy;
    copy = default_hooks = *first;
    copy.alloc = forward_alloc;
    hooks *table = &copy;
    CHECK(mallctl("arena.1.extent_hooks", &old, &length, &table, sizeof table) == 0 && old == first);
    CHECK(mallctl("arena.1.extent_hooks", &old, &length, NULL, 0) == 0 && old == &copy);
    void *blocks[200];
    for (int i = 0; i < 200; i++)
    {
        size_t size = i % 10 ? 60000 : 3 << 20;
        CHECK((blocks[i] = mallocx(size, ARENA(arena))) != NULL);
        memset(blocks[i], 1, size);
    }
    CHECK(forwarded > 0);
    for (int i = 0; i < 200; i++)
        free(blocks[i]);
    free(before);
    CHECK(act(arena, "purge") == 0 && act(arena, "reset") == 0);
    size_t size = status_kib("VmSize:");
    CHECK(act(arena, "destroy") == 0 && status_kib("VmSize:") < size - (1 << 20));
}

CASE(the_first_arena_takes_hooks)
{
    hooks *table = &state.hooks;
    state.allocs = 1;
    CHECK(mallctl("arena.0.extent_hooks", NULL, NULL, &table, sizeof table) == 0);
    void *huge = malloc((size_t)2 << 30);
    CHECK(huge != NULL && is_from_hooks(huge) && arena_of(huge) == 0);
    free(huge);
    static void *blocks[5000];
    for (int i = 0; i < 5000; i++)
        CHECK((blocks[i] = malloc(10000)) != NULL);
    CHECK(is_from_hooks(blocks[4999]));
    for (int i = 0; i < 5000; i++)
        free(blocks[i]);
}

static void *work(void *argument)
{
    unsigned arena = *(unsigned *)argument, zero = 0;
    uint64_t random = (uintptr_t)&arena | 1;
    void *blocks[200] = { NULL };
    for (int i = 0; i < 20000; i++)
    {
        if (i % 2000 == 0)
            CHECK(mallctl("thread.arena", NULL, NULL, i % 4000 ? &zero : &arena, sizeof zero) == 0);
        void **slot = &blocks[random_next(&random) % 200];
        size_t size = random_size(&random, i % 300 == 0 ? 22 : 15);
        int kind = random_next(&random) % 4;
        *slot = kind == 0 ? realloc(*slot, size) : kind == 1 ? rallocx(*slot, size, ARENA(arena))
            : (free(*slot), kind == 2 ? malloc(size) : mallocx(size, ARENA(arena)));
        CHECK(*slot != NULL);
        *(char *)*slot = 1;
        if (i % 5000 == 0)
            CHECK(mallctl("arena.4096.purge", NULL, NULL, NULL, 0) == 0);
        if (i % 3000 == 0)
            refresh_epoch();
    }
    for (int i = 0; i < 200; i++)
        free(blocks[i]);
    return NULL;
}

CASE(many_threads_use_hooked_arenas)
{
    for (int round = 0; round < 3; round++)
    {
        state.refuses = round % 2;
        state.arena = 1;
        unsigned arena = 0;
        size_t length = sizeof arena;
        hooks *table = &state.hooks;
        CHECK(mallctl("arenas.create", &arena, &length, &table, sizeof table) == 0 && arena == 1);
        pthread_t threads[6];
        for (int i = 0; i < 6; i++)
            CHECK(pthread_create(&threads[i], NULL, work, &arena) == 0);
        for (int i = 0; i < 6; i++)
            CHECK(pthread_join(threads[i], NULL) == 0);
        refresh_epoch();
        CHECK(arena_size(arena, "small.allocated") == 0 && arena_size(arena, "large.allocated") == 0);
        CHECK(act(arena, "destroy") == 0);
        CHECK_THAT(state.bytes == 0, "%zu bytes remain", state.bytes);
    }
}

static volatile pid_t purger;

// The background thread has no thread heap until a hook in it allocates.
static bool note_purger(hooks *table, void *start, size_t size, size_t offset, size_t length, unsigned arena)
{
    use_malloc();
    purger = gettid();
    return count_forced(table, start, size, offset, length, arena);
}

CASE(the_background_thread_calls_hooks)
{
    state.hooks.purge_forced = note_purger;
    unsigned arena = create_hooked(&state.hooks);
    unsigned char on = 1;
    ssize_t decay = 50;
    char name[64];
    snprintf(name, sizeof name, "arena.%u.dirty_decay_ms", arena);
    CHECK(mallctl(name, NULL, NULL, &decay, sizeof decay) == 0);
    CHECK(mallctl("background_thread", NULL, NULL, &on, 1) == 0);
    for (int round = 0; round < 3; round++)
    {
        size_t calls = state.forced;
        use_arena(arena, 2000);
        for (int wait = 0; state.forced == calls && wait < 1000; wait++)
            usleep(10000);
        CHECK(state.forced > calls && purger != 0 && purger != gettid());
    }
    on = 0;
    CHECK(mallctl("background_thread", NULL, NULL, &on, 1) == 0);
    CHECK(act(arena, "destroy") == 0 && state.bytes == 0);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
