// Memory over time: what stays resident after memory was freed, and the longest single calls.
//
//     residency CASE
//
// Prints the figure of the case, of which ../residency.sh makes a table. Idle cases go on for some seconds
// with a little traffic of small blocks, as a server does between two peaks.
#define _GNU_SOURCE
#include "threads.h"
#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { KiB = 1024, MiB = 1024 * KiB, MaxBlocks = 12 << 20 };

static _Alignas(4096) void* blocks[MaxBlocks];
static Random random_state;

static double milliseconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static double now(void) {
    return milliseconds(CLOCK_MONOTONIC);
}

// Of this thread: another process on the same processor is not the allocator's.
static double busy(void) {
    return milliseconds(CLOCK_THREAD_CPUTIME_ID);
}

static void sleep_ms(long ms) {
    struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
    nanosleep(&t, NULL);
}

// In MiB.
static double resident(void) {
    char text[4096], * field;
    FILE* file = fopen("/proc/self/smaps_rollup", "r");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    text[length] = 0;
    if (file != NULL) fclose(file);
    field = strstr(text, "\nRss:");
    return field == NULL ? -1 : strtod(field + 5, NULL) / KiB;
}

static void* written(size_t size) {
    void* block = need(malloc(size));
    memset(block, 1, size);
    return block;
}

static uint32_t fill(uint32_t from, size_t total, size_t size) {
    for (size_t bytes = 0; bytes < total; bytes += size) blocks[from++] = written(size);
    return from;
}

static void free_but(uint32_t from, uint32_t to, uint32_t one_in) {
    for (uint32_t i = from; i < to; i++)
        if (one_in == 0 || (i - from) % one_in != 0) free(blocks[i]);
}

// About 2000 pairs a second.
static void traffic(double seconds) {
    double end = now() + seconds * 1e3;
    while (now() < end) {
        void* some[20];
        for (int i = 0; i < 20; i++) some[i] = written(random_size(&random_state));
        for (int i = 0; i < 20; i++) free(some[i]);
        sleep_ms(10);
    }
}

// Without the table of this program itself, which no case needs afterwards.
static void print_resident(void) {
    madvise(blocks, sizeof blocks, MADV_DONTNEED);
    double idle = resident();
    malloc_trim(0);
    printf("%.0f MiB, trim %.0f\n", idle, resident());
}

static void small_idle(void) {
    uint32_t count = 0;
    for (size_t bytes = 0; bytes < 1024u * MiB; count++) {
        size_t size = random_between(&random_state, 64, 512);
        blocks[count] = written(size);
        bytes += size;
    }
    free_but(0, count, 0);
    traffic(10);
    print_resident();
}

static void large_idle(void) {
    uint32_t count = 0;
    for (size_t bytes = 0; bytes < 1024u * MiB; count++) {
        size_t size = random_between(&random_state, 100 * KiB, 2 * MiB);
        blocks[count] = written(size);
        bytes += size;
    }
    free_but(0, count, 0);
    traffic(10);
    print_resident();
}

static pthread_barrier_t barrier;

static void* fill_and_sleep(void* argument) {
    uint32_t from = (uint32_t)(uintptr_t)argument * (128 * KiB), count = from;
    Random random = random_seed(from);
    for (size_t bytes = 0; bytes < 16 * MiB; count++) {
        size_t size = random_between(&random, 64, 512);
        blocks[count] = written(size);
        bytes += size;
    }
    pthread_barrier_wait(&barrier);
    free_but(from, count, 0);
    pthread_barrier_wait(&barrier);
    pause();
    return NULL;
}

static void sleeping_threads(void) {
    enum { Threads = 64 };
    pthread_barrier_init(&barrier, NULL, Threads + 1);
    for (uintptr_t i = 0; i < Threads; i++) thread_start(fill_and_sleep, (void*)i);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    traffic(4);
    print_resident();
}

static void one_in(size_t size, size_t total, uint32_t kept) {
    uint32_t count = fill(0, total, size);
    free_but(0, count, kept);
    traffic(6);
    print_resident();
}

static void scattered_small(void) { one_in(1 * KiB, 527u * MiB, 31); }

static void* fill_and_end(void* argument) {
    *(uint32_t*)argument = fill(0, 527u * MiB, 1 * KiB);
    free_but(0, *(uint32_t*)argument, 31);
    return NULL;
}

static void scattered_ended(void) {
    uint32_t count = 0;
    thread_join(thread_start(fill_and_end, &count));
    traffic(6);
    print_resident();
}

static void scattered_medium(void) { one_in(40 * KiB, 1920u * MiB, 30); }

static void phases(void) {
    uint32_t count = 0;
    for (size_t size = 1; size <= 16; size++) {
        uint32_t from = count;
        count = fill(count, 64 * MiB, size * KiB);
        free_but(from, count, 16);
    }
    traffic(6);
    print_resident();
}

static void shrunk(void) {
    uint32_t count = fill(0, 1024u * MiB, 128 * KiB);
    for (uint32_t i = 0; i < count; i++) blocks[i] = need(realloc(blocks[i], 67000));
    traffic(4);
    print_resident();
}

static void* few_blocks(void* argument) {
    Random random = random_seed((uintptr_t)argument);
    void* some[100];
    for (int i = 0; i < 100; i++) some[i] = written(random_size(&random));
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < 100; i++) free(some[i]);
    return NULL;
}

static void many_threads(void) {
    enum { Threads = 5000 };
    static pthread_t threads[Threads];
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 * KiB);
    pthread_barrier_init(&barrier, NULL, Threads + 1);
    double before = resident();
    for (uintptr_t i = 0; i < Threads; i++)
        if (pthread_create(&threads[i], &attributes, few_blocks, (void*)i) != 0) exit(3);
    pthread_barrier_wait(&barrier);
    printf("%.0f KiB a thread\n", (resident() - before) * KiB / Threads);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < Threads; i++) pthread_join(threads[i], NULL);
}

static double longest;

static void timed(double start) {
    double took = busy() - start;
    if (took > longest) longest = took;
}

static void holes(void) {
    uint32_t count = 400000;
    for (uint32_t i = 0; i < count; i++) blocks[i] = need(malloc(70000));
    for (uint32_t i = 0; i < count; i += 2) free(blocks[i]);
    for (int round = 0; round < 30; round++) {
        // Of other lengths each time: a cache of the last search does not help.
        double start = busy();
        void* block = need(malloc(300000 + (size_t)(round % 15) * 65536));
        timed(start);
        free(block);
    }
    printf("%.0f us\n", longest * 1e3);
}

static void steps(void) {
    uint32_t count = 3000;
    for (uint32_t i = 0; i < count; i++) blocks[i] = written(MiB);
    for (uint32_t i = 0; i < count; i++) {
        double start = busy();
        free(blocks[i]);
        timed(start);
    }
    for (double end = now() + 4e3; now() < end; sleep_ms(1)) {
        for (int i = 0; i < 50; i++) {
            double start = busy();
            void* block = malloc(i == 0 ? MiB : random_size(&random_state));
            timed(start);
            start = busy();
            free(block);
            timed(start);
        }
    }
    printf("%.1f ms, %.0f MiB\n", longest, resident());
}

static void cleared(void) {
    char* block = written(1024u * MiB);
    free(block);
    double start = now();
    block = need(calloc(1, 1024u * MiB));
    printf("%.1f ms", now() - start);
    printf(", %.0f MiB%s\n", resident(), block[512u * MiB] == 0 ? "" : " WRONG");
}

static long faults(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

static void replaced(void) {
    long before = faults();
    double start = now();
    for (uint32_t i = 0; i < 300; i++) {
        uint32_t slot = random_below(&random_state, 20);
        free(blocks[slot]);
        blocks[slot] = written(random_between(&random_state, 5 * MiB, 25 * MiB));
    }
    printf("%ld faults, %.0f ms, %.0f MiB\n", faults() - before, now() - start, resident());
}

static void tiny(void) {
    for (uint32_t i = 0; i < 20; i++) blocks[i] = written(random_size(&random_state));
    printf("%.0f KiB, %ld faults\n", resident() * KiB, faults());
}

typedef struct {
    uint32_t left;
    Random random;
    void* kept[5000];
} Table;

static void* succeed(void* argument) {
    Table* table = argument;
    for (int i = 0; i < 50000; i++) {
        void** block = &table->kept[random_below(&table->random, 5000)];
        free(*block);
        *block = written(random_between(&table->random, 8, 1000));
    }
    if (--table->left == 0)
        pthread_barrier_wait(&barrier);
    else
        pthread_detach(thread_start(succeed, table));
    return NULL;
}

static void successors(void) {
    enum { Threads = 8 };
    static Table tables[Threads];
    pthread_barrier_init(&barrier, NULL, Threads + 1);
    for (int i = 0; i < Threads; i++) {
        tables[i].left = 50;
        tables[i].random = random_seed((uint64_t)i);
        pthread_detach(thread_start(succeed, &tables[i]));
    }
    pthread_barrier_wait(&barrier);
    double peak = resident();
    traffic(4);
    printf("%.0f MiB, idle %.0f\n", peak, resident());
}

static const struct {
    const char* name;
    void (*run)(void);
} cases[] = {
    { "small-idle", small_idle }, { "large-idle", large_idle }, { "sleeping-threads", sleeping_threads },
    { "scattered-small", scattered_small }, { "scattered-ended", scattered_ended },
    { "scattered-medium", scattered_medium }, { "phases", phases },
    { "shrunk", shrunk }, { "many-threads", many_threads }, { "holes", holes }, { "steps", steps },
    { "cleared", cleared }, { "replaced", replaced }, { "tiny", tiny }, { "successors", successors },
};

int main(int argc, char** argv) {
    random_state = random_seed(30);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (argc == 1) puts(cases[i].name);
        if (argc == 2 && strcmp(argv[1], cases[i].name) == 0) {
            cases[i].run();
            return 0;
        }
    }
    return argc == 1 ? 0 : 2;
}
