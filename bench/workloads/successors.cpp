// As server.c, with more threads than processors, sizes of 8 to 1000 bytes, and on request the operators of
// C++ that are given the size of the block that they free.
//
//     successors plain|sized [THREADS [GENERATIONS [OPERATIONS]]]
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

enum { Blocks = 5000, MaxThreads = 64 };

struct Block {
    void* start;
    size_t size;
};

struct Table {
    uint64_t random;
    uint64_t generations;
    uint64_t checksum;
    Block blocks[Blocks];
};

static Table tables[MaxThreads];
static uint64_t operations;
static bool sized;
static std::atomic<uint64_t> running;

static uint32_t below(uint64_t& x, uint32_t bound) {
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    return (uint32_t)(((x * 0x2545F4914F6CDD1Dull >> 32) * bound) >> 32);
}

static uint64_t end(Block& block) {
    uint64_t value = 0;
    if (block.start == nullptr) return value;
    memcpy(&value, block.start, sizeof value);
    if (sized)
        ::operator delete(block.start, block.size);
    else
        free(block.start);
    block.start = nullptr;
    return value;
}

static void serve(Table* table) {
    for (uint64_t i = 0; i < operations; i++) {
        Block& block = table->blocks[below(table->random, Blocks)];
        table->checksum += end(block);
        block.size = 8 + below(table->random, 993);
        block.start = sized ? ::operator new(block.size) : malloc(block.size);
        if (block.start == nullptr) abort();
        memset(block.start, (int)i, block.size);
        memcpy(block.start, &i, sizeof i);
    }

    // The successor may run before this thread has ended: both exist for a while.
    if (--table->generations > 0)
        std::thread(serve, table).detach();
    else if (--running == 0)
        running.notify_one();
}

static uint64_t argument(int argc, char** argv, int index, uint64_t otherwise) {
    return index < argc ? strtoull(argv[index], nullptr, 10) : otherwise;
}

int main(int argc, char** argv) {
    sized = argc > 1 && strcmp(argv[1], "sized") == 0;
    uint64_t threads = argument(argc, argv, 2, 8);
    uint64_t generations = argument(argc, argv, 3, 40);
    operations = argument(argc, argv, 4, 50000);
    if (threads > MaxThreads) return 2;

    running = threads;
    for (uint64_t i = 0; i < threads; i++) {
        tables[i].random = (700 + i) * 0x9E3779B97F4A7C15ull + 1;
        tables[i].generations = generations;
        std::thread(serve, &tables[i]).detach();
    }
    for (uint64_t left; (left = running) > 0;) running.wait(left);

    uint64_t checksum = 0;
    for (uint64_t i = 0; i < threads; i++) {
        checksum += tables[i].checksum;
        for (Block& block : tables[i].blocks) checksum += end(block);
    }
    printf("checksum %016llx\n", (unsigned long long)checksum);
    return 0;
}
