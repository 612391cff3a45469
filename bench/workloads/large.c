// Blocks of 1 to 32 MiB come and go, two dozen alive at a time. Of each, a quarter of the pages is written:
// an allocator that gives every freed block back to the kernel at once pays for the pages again and again.
//
//     large [ALLOCATIONS]
#include "common.h"

enum { Slots = 24, Page = 4096, MiB = 1 << 20 };

static uint8_t* blocks[Slots];

// The word at the start is not zero, so a block handed out again with its old contents does no harm.
static uint8_t* large_new(Random* random, uint64_t value) {
    // As many requests in each octave: small ones are more frequent than big ones.
    size_t octave = (size_t)MiB << random_below(random, 5);
    size_t size = random_between(random, octave, 2 * octave);
    uint8_t* block = (uint8_t*)need(malloc(size));
    for (size_t i = 0; i < size / 4; i += Page) block[i] = (uint8_t)value;
    memcpy(block, &value, sizeof value);
    block[size - 1] = (uint8_t)value;
    return block;
}

int main(int argc, char** argv) {
    uint64_t allocations = argument(argc, argv, 1, 4000);
    Random random = random_seed(6);
    uint64_t checksum = 0;

    for (uint64_t i = 0; i < allocations; i++) {
        uint8_t** slot = &blocks[random_below(&random, Slots)];
        checksum += block_end(*slot);
        *slot = large_new(&random, i + 1);
    }

    for (int i = 0; i < Slots; i++) checksum += block_end(blocks[i]);
    report(checksum);
    return 0;
}
