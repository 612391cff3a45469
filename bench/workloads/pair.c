// Pairs of malloc and free, and nothing else: the cost of the fast paths, in time or counted by callgrind.
//
//     pair fixed PAIRS    malloc(24) then free
//     pair mixed PAIRS    1000 blocks of 16 to 136 bytes allocated, then freed in order
//
// Compile with -fno-builtin, or the compiler removes the pairs.
#include "common.h"

enum { Batch = 1000 };

static size_t sizes[Batch];
static void* blocks[Batch];

static void fixed_pairs(uint64_t pairs) {
    for (; pairs > 0; pairs--) free(malloc(24));
}

static void mixed_pairs(uint64_t pairs) {
    Random random = random_seed(1);
    for (int i = 0; i < Batch; i++) sizes[i] = random_between(&random, 16, 136);
    for (uint64_t done = 0; done < pairs; done += Batch) {
        for (int i = 0; i < Batch; i++) blocks[i] = malloc(sizes[i]);
        for (int i = 0; i < Batch; i++) free(blocks[i]);
    }
}

int main(int argc, char** argv) {
    uint64_t pairs = argument(argc, argv, 2, 1000000);
    if (argc > 1 && strcmp(argv[1], "fixed") == 0)
        fixed_pairs(pairs);
    else if (argc > 1 && strcmp(argv[1], "mixed") == 0)
        mixed_pairs(pairs);
    else {
        fprintf(stderr, "usage: pair fixed|mixed PAIRS\n");
        return 2;
    }
    report(pairs);
    return 0;
}
