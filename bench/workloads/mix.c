// One thread, blocks of realistic sizes: most die young, the rest live long among a slowly changing
// population.
//
//     mix [OPERATIONS]
#include "common.h"

enum { Young = 256, Old = 40000 };

static void* young[Young];
static void* old[Old];

int main(int argc, char** argv) {
    uint64_t operations = argument(argc, argv, 1, 16000000);
    Random random = random_seed(3);
    uint64_t checksum = 0;

    for (uint64_t i = 0; i < operations; i++) {
        void** slot = &young[i % Young];
        // One in eight of those that leave the nursery takes the place of an old one.
        if (*slot != NULL && random_below(&random, 8) == 0) {
            void** survivor = &old[random_below(&random, Old)];
            checksum += block_end(*survivor);
            *survivor = *slot;
            *slot = NULL;
        }
        checksum += block_end(*slot);
        *slot = block_new(random_size(&random), i);
    }

    for (int i = 0; i < Young; i++) checksum += block_end(young[i]);
    for (int i = 0; i < Old; i++) checksum += block_end(old[i]);
    report(checksum);
    return 0;
}
