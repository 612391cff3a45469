// Phases: a population of blocks is allocated, nine in ten at random are freed, and the next phase asks for
// another size. What is left pins pages of each size it passes through: the peak shows who can live with
// that.
//
//     fragment [CYCLES]
#include "common.h"

enum { Phases = 12, Budget = 48 << 20, MaxBlocks = Budget / 16 };

static void* blocks[MaxBlocks];

// Frees so many percent of what is alive, at random, and closes the gaps in the list of the rest.
static uint32_t thin_out(Random* random, uint32_t alive, uint32_t percent, uint64_t* checksum) {
    uint32_t left = 0;
    for (uint32_t i = 0; i < alive; i++) {
        if (random_below(random, 100) < percent)
            *checksum += block_end(blocks[i]);
        else
            blocks[left++] = blocks[i];
    }
    return left;
}

int main(int argc, char** argv) {
    uint64_t cycles = argument(argc, argv, 1, 4);
    // In no order: a hole left by one size should serve a larger and a smaller one.
    static const uint32_t sizes[Phases] = { 32, 200, 64, 3000, 48, 500, 1200, 96, 12000, 300, 40, 700 };
    Random random = random_seed(10);
    uint64_t checksum = 0;

    for (uint64_t cycle = 0; cycle < cycles; cycle++) {
        uint32_t alive = 0;
        for (int phase = 0; phase < Phases; phase++) {
            // Survivors of ten phases are few: the population stays near the budget.
            for (uint32_t bytes = 0; bytes < Budget && alive < MaxBlocks; alive++) {
                size_t size = sizes[phase] + random_below(&random, sizes[phase] / 4);
                blocks[alive] = block_new(size, alive);
                bytes += (uint32_t)size;
            }
            alive = thin_out(&random, alive, 90, &checksum);
        }
        alive = thin_out(&random, alive, 100, &checksum);
    }
    report(checksum);
    return 0;
}
