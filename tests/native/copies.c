// The library loaded at run time, not preloaded, once or in several copies: copies CASE LIBRARY [COPY...].
#include "check.h"
#include <dlfcn.h>
#include <pthread.h>

// musl has no such flag: its libraries always see their own symbols last.
#ifndef RTLD_DEEPBIND
#define RTLD_DEEPBIND 0
#endif

enum { MOST = 16, THREADS = 4 };

struct heap
{
    void *library;
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    int (*posix_memalign)(void **, size_t, size_t);
    size_t (*usable)(void *);
    void (*free)(void *);
};

static struct heap heaps[MOST];
static int heap_count;

static void *symbol(void *library, const char *name)
{
    void *address = dlsym(library, name);
    CHECK_THAT(address != NULL, "%s", dlerror());
    CHECK_THAT(strcmp(name, "free") == 0 || address != dlsym(RTLD_DEFAULT, name), "%s is the process's own",
        name);
    return address;
}

static struct heap heap_open(const char *path, int flags)
{
    struct heap heap;
    heap.library = dlopen(path, RTLD_NOW | RTLD_LOCAL | flags);
    CHECK_THAT(heap.library != NULL, "%s", dlerror());
    heap.malloc = symbol(heap.library, "malloc");
    heap.calloc = symbol(heap.library, "calloc");
    heap.realloc = symbol(heap.library, "realloc");
    heap.posix_memalign = symbol(heap.library, "posix_memalign");
    heap.usable = symbol(heap.library, "malloc_usable_size");
    heap.free = symbol(heap.library, "free");
    return heap;
}

static void open_all(int flags)
{
    while (heap_count < MOST && check_argument(heap_count, NULL) != NULL)
    {
        heaps[heap_count] = heap_open(check_argument(heap_count, NULL), flags);
        heap_count++;
    }
    CHECK_THAT(heap_count > 0, "name the library");
}

// Uses every heap in turn, so that thread words of two copies would be seen to mix.
static void *use_all(void *argument)
{
    enum { SLOTS = 128 };
    struct { void *block; size_t size; uint64_t seed; int heap; } slots[SLOTS] = { 0 };
    uint64_t state = (uintptr_t)argument + 11;
    for (int step = 0; step < 40000; step++)
    {
        int i = random_next(&state) % SLOTS;
        struct heap *heap = &heaps[slots[i].heap];
        if (slots[i].block != NULL)
        {
            CHECK(pattern_holds(slots[i].block, slots[i].size, slots[i].seed));
            heap->free(slots[i].block);
        }
        slots[i].heap = random_next(&state) % heap_count;
        heap = &heaps[slots[i].heap];
        slots[i].size = random_size(&state, 17);
        slots[i].seed = random_next(&state);
        slots[i].block = step % 5 == 0 ? heap->calloc(1, slots[i].size) : heap->malloc(slots[i].size);
        CHECK(slots[i].block != NULL && heap->usable(slots[i].block) >= slots[i].size);
        pattern_fill(slots[i].block, slots[i].size, slots[i].seed);
        free(malloc(50));
    }
    for (int i = 0; i < SLOTS; i++)
        if (slots[i].block != NULL)
            heaps[slots[i].heap].free(slots[i].block);
    return NULL;
}

static void run_threads(void)
{
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, use_all, (void *)i) == 0);
    use_all((void *)99);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

CASE(used_from_threads)
{
    open_all(0);
    run_threads();
}

CASE(used_from_threads_under_deepbind)
{
    open_all(RTLD_DEEPBIND);
    run_threads();
}

// The other arguments are libraries that take up the room for thread-local storage that dlopen has left.
CASE(no_room_in_static_storage)
{
    for (int i = 1; check_argument(i, NULL) != NULL; i++)
        (void)dlopen(check_argument(i, NULL), RTLD_NOW | RTLD_LOCAL);
    heaps[heap_count++] = heap_open(check_argument(0, NULL), 0);
    run_threads();
}

// Threads that were there before the library came have no thread word of it yet.
static pthread_barrier_t barrier;
static void *wait_then_use(void *argument)
{
    free(malloc(100));
    pthread_barrier_wait(&barrier);
    return use_all(argument);
}

CASE(loaded_after_threads_started)
{
    pthread_t threads[THREADS];
    pthread_barrier_init(&barrier, NULL, THREADS + 1);
    for (uintptr_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, wait_then_use, (void *)i) == 0);
    open_all(0);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void *load_here(void *argument)
{
    (void)argument;
    open_all(0);
    return use_all(NULL);
}

CASE(loaded_in_a_thread)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, load_here, NULL) == 0);
    pthread_join(thread, NULL);
    run_threads();
}

static void *use_then_wait(void *argument)
{
    use_all(argument);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return NULL;
}

// Threads that used the library end after the last dlclose: its thread-exit hook must still be code.
CASE(closed_before_threads_end)
{
    pthread_t threads[THREADS];
    pthread_barrier_init(&barrier, NULL, THREADS + 1);
    open_all(0);
    for (uintptr_t i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, use_then_wait, (void *)i) == 0);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < heap_count; i++)
        CHECK(dlclose(heaps[i].library) == 0);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

CASE(opened_and_closed_many_times)
{
    for (int round = 0; round < 20; round++)
    {
        pthread_t thread;
        heap_count = 0;
        open_all(0);
        CHECK(pthread_create(&thread, NULL, use_all, NULL) == 0);
        pthread_join(thread, NULL);
        for (int i = 0; i < heap_count; i++)
            CHECK(dlclose(heaps[i].library) == 0);
    }
    CHECK_THAT(status_kib("VmRSS:") < 100 * 1024, "%zu KiB", status_kib("VmRSS:"));
}

// A block of one copy is a foreign pointer to the other.
CASE(copies_do_not_know_each_other)
{
    open_all(0);
    CHECK_THAT(heap_count >= 2, "name two copies");
    for (size_t size = 8; size < 10000000; size = size * 3 + 1)
    {
        void *first = heaps[0].malloc(size), *second = heaps[1].malloc(size);
        pattern_fill(first, size, 1);
        pattern_fill(second, size, 2);
        CHECK(heaps[0].usable(second) == 0 && heaps[1].usable(first) == 0);
        heaps[0].free(second);
        heaps[1].free(first);
        CHECK(pattern_holds(first, size, 1) && pattern_holds(second, size, 2));
        heaps[0].free(first);
        heaps[1].free(second);
    }
    run_threads();
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
