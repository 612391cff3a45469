// Zeroed memory: small objects that are filled in, and tables of 64 KiB to 1 MiB of which a part is ever
// written. An allocator that knows which pages are fresh from the kernel, or still zero, need not clear them.
//
//     zeroed [ROUNDS]
#include "common.h"

enum { Objects = 20000, Tables = 64 };

static uint64_t* objects[Objects];
static uint64_t* tables[Tables];

// Zeroed memory that is not zero shows in the checksum.
static uint64_t probe(const uint64_t* words, size_t count) {
    return words == NULL ? 0 : words[0] + words[count / 2] + words[count - 1];
}

static uint64_t replace_object(Random* random) {
    uint64_t** slot = &objects[random_below(random, Objects)];
    uint64_t checksum = *slot == NULL ? 0 : **slot;
    free(*slot);
    size_t words = random_size(random) / 8;
    *slot = (uint64_t*)need(calloc(words, 8));
    checksum += probe(*slot, words);
    for (size_t i = 0; i < words && i < 16; i++) (*slot)[i] = words;
    return checksum;
}

static uint64_t replace_table(Random* random) {
    uint64_t** slot = &tables[random_below(random, Tables)];
    free(*slot);
    size_t words = random_between(random, 8 << 10, 128 << 10);
    *slot = (uint64_t*)need(calloc(words, 8));
    uint64_t checksum = probe(*slot, words);
    // A hash table at an eighth of its capacity, in one stretch and in single entries.
    memset(*slot, 1, words);
    for (int i = 0; i < 16; i++) (*slot)[random_below(random, (uint32_t)words)] = i;
    return checksum;
}

int main(int argc, char** argv) {
    uint64_t rounds = argument(argc, argv, 1, 20000);
    Random random = random_seed(8);
    uint64_t checksum = 0;

    for (uint64_t round = 0; round < rounds; round++) {
        for (int i = 0; i < 200; i++) checksum += replace_object(&random);
        checksum += replace_table(&random);
    }

    for (int i = 0; i < Objects; i++) free(objects[i]);
    for (int i = 0; i < Tables; i++) free(tables[i]);
    report(checksum);
    return 0;
}
