// Producers fill messages of many blocks and queue them behind a lock; consumers, as many, read and free
// them. Both also have blocks of their own, as a server's threads do.
//
//     pipeline [PAIRS_OF_THREADS [MESSAGES]]
#include "threads.h"

enum { QueueSize = 64, Parts = 32, MaxPairs = 64 };

typedef struct {
    void* parts[Parts];
} Message;

static struct {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    pthread_cond_t emptied;
    unsigned count;
    Message* messages[QueueSize];
} queue = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, { NULL } };

static void queue_put(Message* message) {
    pthread_mutex_lock(&queue.lock);
    while (queue.count == QueueSize) pthread_cond_wait(&queue.emptied, &queue.lock);
    queue.messages[queue.count++] = message;
    pthread_cond_signal(&queue.filled);
    pthread_mutex_unlock(&queue.lock);
}

static Message* queue_take(void) {
    pthread_mutex_lock(&queue.lock);
    while (queue.count == 0) pthread_cond_wait(&queue.filled, &queue.lock);
    Message* message = queue.messages[--queue.count];
    pthread_cond_signal(&queue.emptied);
    pthread_mutex_unlock(&queue.lock);
    return message;
}

typedef struct {
    uint64_t seed;
    uint64_t messages;
    uint64_t checksum;
} Worker;

static void* produce(void* argument) {
    Worker* worker = argument;
    Random random = random_seed(worker->seed);
    for (uint64_t i = 0; i < worker->messages; i++) {
        Message* message = need(malloc(sizeof *message));
        for (int part = 0; part < Parts; part++) {
            void* scratch = block_new(random_size(&random), i);
            message->parts[part] = block_new(random_size(&random), i + part);
            worker->checksum += block_end(scratch);
        }
        queue_put(message);
    }
    return NULL;
}

static void* consume(void* argument) {
    Worker* worker = argument;
    for (uint64_t i = 0; i < worker->messages; i++) {
        Message* message = queue_take();
        for (int part = 0; part < Parts; part++) {
            void* answer = block_new(64, i);
            worker->checksum += block_end(message->parts[part]) + block_end(answer);
        }
        free(message);
    }
    return NULL;
}

int main(int argc, char** argv) {
    uint64_t pairs = argument(argc, argv, 1, 2);
    uint64_t messages = argument(argc, argv, 2, 200000);
    if (pairs > MaxPairs) return 2;

    Worker workers[2 * MaxPairs];
    pthread_t threads[2 * MaxPairs];
    for (uint64_t i = 0; i < 2 * pairs; i++) {
        workers[i] = (Worker){ 100 + i, messages, 0 };
        threads[i] = thread_start(i % 2 == 0 ? produce : consume, &workers[i]);
    }
    uint64_t checksum = 0;
    for (uint64_t i = 0; i < 2 * pairs; i++) {
        thread_join(threads[i]);
        checksum += workers[i].checksum;
    }
    report(checksum);
    return 0;
}
