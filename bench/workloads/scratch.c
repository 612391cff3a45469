// False sharing: threads write again and again to small blocks of their own. If an allocator puts blocks of
// two threads into one cache line, each write waits for the other processor.
//
//     scratch active [THREADS [ROUNDS]]
//         Each thread allocates its blocks.
//     scratch passive [THREADS [ROUNDS]]
//         The first blocks come from the main thread, side by side. A thread frees the one it was given; if
//         that memory is handed out to it again, it shares a cache line with a neighbour.
#include "threads.h"

enum { Size = 8, Writes = 2000 };

typedef struct {
    void* gift;
    uint64_t rounds;
    uint64_t checksum;
} Worker;

static void* work(void* argument) {
    Worker* worker = argument;
    uint64_t checksum = 0;
    free(worker->gift);
    for (uint64_t round = 0; round < worker->rounds; round++) {
        volatile uint8_t* block = need(malloc(Size));
        for (int i = 0; i < Size; i++) block[i] = (uint8_t)round;
        for (int i = 0; i < Writes; i++) block[i % Size]++;
        checksum += block[0];
        free((void*)block);
    }
    worker->checksum = checksum;
    return NULL;
}

int main(int argc, char** argv) {
    int passive = argc > 1 && strcmp(argv[1], "passive") == 0;
    uint64_t threads = argument(argc, argv, 2, 2);
    uint64_t rounds = argument(argc, argv, 3, 200000);
    if (argc < 2 || threads > MaxThreads) {
        fprintf(stderr, "usage: scratch active|passive [THREADS [ROUNDS]]\n");
        return 2;
    }

    Worker workers[MaxThreads];
    for (uint64_t i = 0; i < threads; i++) {
        void* gift = passive ? need(malloc(Size)) : NULL;
        workers[i] = (Worker){ gift, rounds, 0 };
    }
    threads_run(threads, work, workers, sizeof *workers);
    uint64_t checksum = 0;
    for (uint64_t i = 0; i < threads; i++) checksum += workers[i].checksum;
    report(checksum);
    return 0;
}
