// Thousands of short threads: each allocates a few hundred blocks, frees most and leaves the rest to the main
// thread. What a thread's first allocation and its end cost, and whether the memory of the ended is used
// again.
//
//     spawn [THREADS_AT_A_TIME [THREADS]]
#include "threads.h"

enum { Blocks = 400, KeptOf = 16 };

typedef struct {
    Random random;
    uint64_t checksum;
    void* kept[Blocks / KeptOf];
} Task;

static void* work(void* argument) {
    Task* task = argument;
    void* blocks[Blocks];
    for (int i = 0; i < Blocks; i++) blocks[i] = block_new(random_size(&task->random), i);
    for (int i = 0; i < Blocks; i++) {
        if (i % KeptOf == 0)
            task->kept[i / KeptOf] = blocks[i];
        else
            task->checksum += block_end(blocks[i]);
    }
    return NULL;
}

int main(int argc, char** argv) {
    uint64_t width = argument(argc, argv, 1, 4);
    uint64_t total = argument(argc, argv, 2, 30000);
    if (width == 0 || width > MaxThreads) return 2;

    Task tasks[MaxThreads];
    pthread_t threads[MaxThreads];
    uint64_t checksum = 0;
    for (uint64_t i = 0; i < width; i++) tasks[i] = (Task){ random_seed(300 + i), 0, { NULL } };
    for (uint64_t started = 0; started < total; started += width) {
        for (uint64_t i = 0; i < width; i++) threads[i] = thread_start(work, &tasks[i]);
        for (uint64_t i = 0; i < width; i++) {
            thread_join(threads[i]);
            for (int kept = 0; kept < Blocks / KeptOf; kept++) checksum += block_end(tasks[i].kept[kept]);
        }
    }
    for (uint64_t i = 0; i < width; i++) checksum += tasks[i].checksum;
    report(checksum);
    return 0;
}
