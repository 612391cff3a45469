// Threads that allocate batches of blocks of many sizes and free them in mixed order: half of a batch in the
// order of allocation, half backwards, each among the blocks of the batch before. More threads than
// processors, as in a pool that also waits.
//
//     batches [THREADS [BATCHES]]
#include "threads.h"

enum { Batch = 2000 };

static uint64_t batches;

typedef struct {
    uint64_t seed;
    uint64_t checksum;
} Worker;

static void* work(void* argument) {
    Worker* worker = argument;
    Random random = random_seed(worker->seed);
    void* blocks[2][Batch] = { { NULL } };
    uint64_t checksum = 0;

    for (uint64_t round = 0; round < batches; round++) {
        void** fresh = blocks[round % 2];
        void** older = blocks[(round + 1) % 2];
        for (int i = 0; i < Batch; i++) {
            fresh[i] = block_new(random_size(&random), round + (uint64_t)i);
            if (i % 2 != 0) continue;
            checksum += block_end(older[i]);
            checksum += block_end(older[Batch - 1 - i]);
            older[i] = older[Batch - 1 - i] = NULL;
        }
    }

    for (int i = 0; i < 2 * Batch; i++) checksum += block_end(blocks[i / Batch][i % Batch]);
    worker->checksum = checksum;
    return NULL;
}

int main(int argc, char** argv) {
    static Worker workers[MaxThreads];
    uint64_t threads = argument(argc, argv, 1, 4);
    batches = argument(argc, argv, 2, 2500);
    if (threads > MaxThreads) return 2;

    uint64_t checksum = 0;
    for (uint64_t i = 0; i < threads; i++) workers[i].seed = 500 + i;
    threads_run(threads, work, workers, sizeof *workers);
    for (uint64_t i = 0; i < threads; i++) checksum += workers[i].checksum;
    report(checksum);
    return 0;
}
