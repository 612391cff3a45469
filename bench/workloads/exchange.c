// Threads in rounds with a pool of blocks that all of them share: each round's threads swap blocks in and out
// of it at random, some big, and then end. A stress of ownership that changes hands, and of memory held by
// nobody in particular.
//
//     exchange [THREADS [ROUNDS [OPERATIONS]]]
#include "threads.h"

enum { Pool = 50000, Own = 1000 };

static _Atomic(void*) pool[Pool];
static uint64_t operations;

typedef struct {
    Random random;
    uint64_t checksum;
} Worker;

static void* swap(void* argument) {
    Worker* worker = argument;
    Random random = worker->random;
    void* own[Own] = { NULL };
    uint64_t checksum = 0;

    for (uint64_t i = 0; i < operations; i++) {
        void** slot = &own[random_below(&random, Own)];
        checksum += block_end(*slot);
        size_t size = random_below(&random, 500) == 0 ? random_between(&random, 16 << 10, 256 << 10)
                                                      : random_size(&random);
        *slot = block_new(size, i);
        if (i % 4 == 0) *slot = atomic_exchange(&pool[random_below(&random, Pool)], *slot);
    }

    for (int i = 0; i < Own; i++) checksum += block_end(own[i]);
    worker->random = random;
    worker->checksum += checksum;
    return NULL;
}

int main(int argc, char** argv) {
    uint64_t threads = argument(argc, argv, 1, 2);
    uint64_t rounds = argument(argc, argv, 2, 20);
    operations = argument(argc, argv, 3, 300000);
    if (threads > MaxThreads) return 2;

    Worker workers[MaxThreads];
    for (uint64_t i = 0; i < threads; i++) workers[i] = (Worker){ random_seed(400 + i), 0 };
    for (uint64_t round = 0; round < rounds; round++) {
        threads_run(threads, swap, workers, sizeof *workers);
        // Between rounds the pool shrinks by half: the threads that allocated it have ended.
        for (int i = 0; i < Pool; i += 2) workers[0].checksum += block_end(atomic_exchange(&pool[i], NULL));
    }

    uint64_t checksum = 0;
    for (uint64_t i = 0; i < threads; i++) checksum += workers[i].checksum;
    for (int i = 0; i < Pool; i++) checksum += block_end(pool[i]);
    report(checksum);
    return 0;
}
