// A server whose worker threads come and go: a worker replaces blocks at random in its table of sessions,
// then ends and leaves the table to a new thread. So blocks are freed by threads that never allocated them,
// of owners long ended.
//
//     server [THREADS [GENERATIONS [OPERATIONS]]]
#include "threads.h"

enum { Sessions = 5000 };

typedef struct {
    Random random;
    uint64_t generations;
    uint64_t checksum;
    void* sessions[Sessions];
} Table;

static uint64_t operations;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static uint64_t running;

static void* serve(void* argument) {
    Table* table = argument;
    for (uint64_t i = 0; i < operations; i++) {
        void** session = &table->sessions[random_below(&table->random, Sessions)];
        table->checksum += block_end(*session);
        *session = block_new(random_size(&table->random), i);
    }

    if (--table->generations > 0) {
        // The successor may run before this thread has ended: both exist for a while.
        pthread_detach(thread_start(serve, table));
        return NULL;
    }
    pthread_mutex_lock(&lock);
    running--;
    pthread_cond_signal(&ended);
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(int argc, char** argv) {
    static Table tables[MaxThreads];
    uint64_t threads = running = argument(argc, argv, 1, 2);
    uint64_t generations = argument(argc, argv, 2, 200);
    operations = argument(argc, argv, 3, 50000);
    if (threads > MaxThreads) return 2;

    for (uint64_t i = 0; i < threads; i++) {
        tables[i].random = random_seed(200 + i);
        tables[i].generations = generations;
        pthread_detach(thread_start(serve, &tables[i]));
    }
    pthread_mutex_lock(&lock);
    while (running > 0) pthread_cond_wait(&ended, &lock);
    pthread_mutex_unlock(&lock);

    uint64_t checksum = 0;
    for (uint64_t i = 0; i < threads; i++) {
        checksum += tables[i].checksum;
        for (int j = 0; j < Sessions; j++) checksum += block_end(tables[i].sessions[j]);
    }
    report(checksum);
    return 0;
}
