// A program that reads an input of 12 to 24 MiB and makes tables that are large enough for the worst case, of
// which it uses the first sixteenth. Backing large blocks by 2 MiB pages before they are written pays for the
// input, but multiplies the memory of the tables.
//
//     reserved [ROUNDS]
#include "common.h"

enum { Tables = 3, Page = 4096, MiB = 1 << 20 };

static uint64_t use_table(size_t size, uint64_t value, uint8_t** table) {
    *table = (uint8_t*)need(malloc(size));
    for (size_t i = 0; i < size / 16; i += Page) (*table)[i] = (uint8_t)value;
    return (*table)[size / 32 / Page * Page];
}

int main(int argc, char** argv) {
    uint64_t rounds = argument(argc, argv, 1, 40);
    // Entries for each byte of the input.
    static const size_t factors[Tables] = { 13, 7, 3 };
    Random random = random_seed(12);
    uint64_t checksum = 0;

    for (uint64_t round = 0; round < rounds; round++) {
        size_t size = random_between(&random, 12 * MiB, 24 * MiB);
        uint8_t* input = (uint8_t*)need(malloc(size));
        memset(input, (int)round, size);
        checksum += input[size / 2];

        uint8_t* tables[Tables];
        for (int i = 0; i < Tables; i++) checksum += use_table(factors[i] * size, round + i, &tables[i]);
        for (int i = 0; i < Tables; i++) free(tables[i]);
        free(input);
    }
    report(checksum);
    return 0;
}
