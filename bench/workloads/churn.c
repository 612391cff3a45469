// Threads that replace blocks of one kind at random, each in a table of its own: records, nodes and buffers
// of a cache. A table is larger than the caches of a processor, so what counts is how much memory besides the
// block itself a request touches.
//
//     churn [THREADS [OPERATIONS [LEAST [MOST]]]]
#include "threads.h"

enum { Blocks = 20000 };

static uint64_t operations;
static size_t least, most;

typedef struct {
    uint64_t seed;
    uint64_t checksum;
    void* blocks[Blocks];
} Table;

static void* replace(void* argument) {
    Table* table = argument;
    Random random = random_seed(table->seed);
    for (uint64_t i = 0; i < operations; i++) {
        void** slot = &table->blocks[random_below(&random, Blocks)];
        table->checksum += block_end(*slot);
        uint64_t* block = need(malloc(random_between(&random, least, most)));
        *block = i;
        *slot = block;
    }

    for (int i = 0; i < Blocks; i++) table->checksum += block_end(table->blocks[i]);
    return NULL;
}

int main(int argc, char** argv) {
    static Table tables[MaxThreads];
    uint64_t threads = argument(argc, argv, 1, 2);
    operations = argument(argc, argv, 2, 10000000);
    least = argument(argc, argv, 3, 900);
    most = argument(argc, argv, 4, 1024);
    if (threads > MaxThreads) return 2;

    uint64_t checksum = 0;
    for (uint64_t i = 0; i < threads; i++) tables[i].seed = 600 + i;
    threads_run(threads, replace, tables, sizeof *tables);
    for (uint64_t i = 0; i < threads; i++) checksum += tables[i].checksum;
    report(checksum);
    return 0;
}
