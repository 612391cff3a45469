// Aligned blocks of 32 to 4096 bytes' alignment, by aligned_alloc and posix_memalign, among ordinary ones:
// what vector code, queues of cache lines and direct I/O ask for.
//
//     aligned [OPERATIONS]
#include "common.h"

enum { Slots = 8000 };

static void* blocks[Slots];
static uint64_t misaligned;

static void* aligned_new(Random* random, uint64_t value) {
    if (random_below(random, 4) == 0) return block_new(random_size(random), value);

    // Half of the alignments are a vector's or a cache line's; 4096 is one in sixteen.
    static const uint16_t alignments[] = {
        32, 32, 32, 64, 64, 64, 64, 64, 128, 128, 256, 256, 512, 1024, 2048, 4096,
    };
    size_t alignment = alignments[random_below(random, 16)];
    size_t size = random_between(random, 1, 8) * alignment;
    if (size > 8192) size = alignment;

    void* block;
    if (random_below(random, 2) == 0)
        block = need(aligned_alloc(alignment, size));
    else if (posix_memalign(&block, alignment, size - random_below(random, 16)) != 0)
        abort();
    if ((uintptr_t)block % alignment != 0) misaligned++;

    memset(block, (int)value, size < 512 ? size - 16 : 256);
    memcpy(block, &value, sizeof value);
    return block;
}

int main(int argc, char** argv) {
    uint64_t operations = argument(argc, argv, 1, 8000000);
    Random random = random_seed(7);
    uint64_t checksum = 0;

    for (uint64_t i = 0; i < operations; i++) {
        void** slot = &blocks[random_below(&random, Slots)];
        checksum += block_end(*slot);
        *slot = aligned_new(&random, i);
    }

    for (int i = 0; i < Slots; i++) checksum += block_end(blocks[i]);
    report(checksum);
    // Told, not fatal: mimalloc 2.0.9 breaks the promise for some sizes, and is measured all the same.
    if (misaligned > 0) fprintf(stderr, "%llu blocks were not aligned\n", (unsigned long long)misaligned);
    return 0;
}
