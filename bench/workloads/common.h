// What the synthetic workloads share: random numbers, sizes as programs ask for them, and blocks that are
// really written.
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// xorshift64*: fixed seeds give the same requests in every run under every allocator.
typedef struct {
    uint64_t state;
} Random;

static inline Random random_seed(uint64_t seed) {
    Random random = { seed * 0x9E3779B97F4A7C15ull + 0x2545F4914F6CDD1Dull };
    return random;
}

static inline uint64_t random_next(Random* random) {
    uint64_t x = random->state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    random->state = x;
    return x * 0x2545F4914F6CDD1Dull;
}

// Below a bound, by multiplication: a division would cost as much as an allocation.
static inline uint32_t random_below(Random* random, uint32_t bound) {
    return (uint32_t)(((random_next(random) >> 32) * bound) >> 32);
}

// Uniform within [low, high].
static inline size_t random_between(Random* random, size_t low, size_t high) {
    return low + random_below(random, (uint32_t)(high - low + 1));
}

// Roughly log-normal, as measured in many C and C++ programs: median near 48 bytes, nine in ten below 256,
// one in a hundred between 1 and 16 KiB. The octave [8 << o, 16 << o) is chosen by weight, the size uniformly
// within it.
static inline size_t random_size(Random* random) {
    static const uint8_t upTo[] = { 9, 32, 60, 79, 89, 94, 98 };
    uint32_t percent = random_below(random, 100);
    if (percent == 99) return random_between(random, 1024, 16384);
    unsigned octave = 0;
    while (octave < 6 && percent >= upTo[octave]) octave++;
    return random_between(random, (size_t)8 << octave, ((size_t)16 << octave) - 1);
}

static inline void* need(void* block) {
    if (block == NULL) {
        fprintf(stderr, "out of memory\n");
        abort();
    }
    return block;
}

// A program writes what it asks for: all of a small block, of a big one a byte on each page. The word at the
// start is what block_read gives back, for the checksum.
static inline void* block_new(size_t size, uint64_t value) {
    uint8_t* block = (uint8_t*)need(malloc(size));
    if (size <= 1024)
        memset(block, (int)value, size);
    else
        for (size_t i = 0; i < size; i += 4096) block[i] = (uint8_t)value;
    memcpy(block, &value, size < sizeof value ? size : sizeof value);
    return block;
}

static inline uint64_t block_read(const void* block) {
    uint64_t value;
    memcpy(&value, block, sizeof value);
    return value;
}

// The value of a block is freed with it; blocks are at least 8 bytes long.
static inline uint64_t block_end(void* block) {
    if (block == NULL) return 0;
    uint64_t value = block_read(block);
    free(block);
    return value;
}

// Argument `index` as a number, or what the workload takes without it.
static inline uint64_t argument(int argc, char** argv, int index, uint64_t otherwise) {
    return index < argc ? strtoull(argv[index], NULL, 10) : otherwise;
}

static inline void report(uint64_t checksum) {
    printf("checksum %016llx\n", (unsigned long long)checksum);
}
