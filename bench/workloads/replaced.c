// Blocks of 5 to 25 MiB, each written from start to end, replaced at random with 20 in use: buffers of
// images, matrices, columns of a table. What an allocator can save are page faults, of fresh memory and of
// memory that it gave back too early.
//
//     replaced [ALLOCATIONS]
#include "common.h"

enum { Slots = 20, MiB = 1 << 20 };

static uint8_t* blocks[Slots];

int main(int argc, char** argv) {
    uint64_t allocations = argument(argc, argv, 1, 300);
    Random random = random_seed(31);
    uint64_t checksum = 0;

    for (uint64_t i = 0; i < allocations; i++) {
        uint8_t** slot = &blocks[random_below(&random, Slots)];
        checksum += block_end(*slot);
        size_t size = random_between(&random, 5 * MiB, 25 * MiB);
        *slot = (uint8_t*)need(malloc(size));
        memset(*slot, (int)i, size);
    }

    for (int i = 0; i < Slots; i++) checksum += block_end(blocks[i]);
    report(checksum);
    return 0;
}
