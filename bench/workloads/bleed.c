// One thread only allocates, another only frees, for as long as it lasts: every block is freed by a stranger,
// and memory must find its way back to the one that allocates. Some 4000 blocks of mixed sizes are on their
// way at any time.
//
//     bleed [BLOCKS]
#include "threads.h"

static Ring ring;
static uint64_t blocks;

static void* consume(void* sum) {
    uint64_t checksum = 0;
    for (uint64_t i = 0; i < blocks; i++) checksum += block_end(ring_take(&ring));
    *(uint64_t*)sum = checksum;
    return NULL;
}

int main(int argc, char** argv) {
    blocks = argument(argc, argv, 1, 12000000) / RingBatch * RingBatch;
    Random random = random_seed(9);
    uint64_t checksum = 0;

    pthread_t consumer = thread_start(consume, &checksum);
    for (uint64_t i = 0; i < blocks; i++) ring_put(&ring, block_new(random_size(&random), i));
    thread_join(consumer);

    report(checksum);
    return 0;
}
