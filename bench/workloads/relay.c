// Threads that only allocate and threads that only free, with batches of blocks on a queue that all of them
// share: stages of a server. A batch is freed by any consumer, often while its producer does not run.
//
//     relay [PAIRS [BATCHES [SIZE]]]
#include "threads.h"

enum { Batch = 4096, MaxPairs = 32, Capacity = 64 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t added = PTHREAD_COND_INITIALIZER, removed = PTHREAD_COND_INITIALIZER;
static void** queue[Capacity];
static uint64_t first, count, left;
static uint64_t batches;
static size_t size;

static void put(void** batch) {
    pthread_mutex_lock(&lock);
    while (count == Capacity) pthread_cond_wait(&removed, &lock);
    queue[(first + count++) % Capacity] = batch;
    pthread_cond_signal(&added);
    pthread_mutex_unlock(&lock);
}

// Null when all batches were taken.
static void** take(void) {
    void** batch = NULL;
    pthread_mutex_lock(&lock);
    while (count == 0 && left != 0) pthread_cond_wait(&added, &lock);
    if (left != 0) {
        batch = queue[first];
        first = (first + 1) % Capacity;
        count--;
        if (--left == 0) pthread_cond_broadcast(&added);
        pthread_cond_signal(&removed);
    }
    pthread_mutex_unlock(&lock);
    return batch;
}

static void* produce(void* unused) {
    for (uint64_t i = 0; i < batches; i++) {
        void** batch = need(malloc(Batch * sizeof *batch));
        for (uint64_t j = 0; j < Batch; j++) batch[j] = block_new(size, j);
        put(batch);
    }
    return unused;
}

static void* consume(void* sum) {
    uint64_t checksum = 0;
    for (void** batch; (batch = take()) != NULL; free(batch))
        for (int j = 0; j < Batch; j++) checksum += block_end(batch[j]);
    *(uint64_t*)sum = checksum;
    return NULL;
}

int main(int argc, char** argv) {
    pthread_t threads[2 * MaxPairs];
    uint64_t sums[MaxPairs], checksum = 0;
    uint64_t pairs = argument(argc, argv, 1, 4);
    batches = argument(argc, argv, 2, 1500);
    size = argument(argc, argv, 3, 64);
    if (pairs > MaxPairs) return 2;

    left = pairs * batches;
    for (uint64_t i = 0; i < pairs; i++) {
        threads[i] = thread_start(produce, NULL);
        threads[pairs + i] = thread_start(consume, &sums[i]);
    }
    for (uint64_t i = 0; i < 2 * pairs; i++) thread_join(threads[i]);
    for (uint64_t i = 0; i < pairs; i++) checksum += sums[i];
    report(checksum);
    return 0;
}
