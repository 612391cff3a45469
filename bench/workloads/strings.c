// Strings that grow by realloc: thousands of short ones a few bytes at a time, and single buffers up to 64
// MiB, by half of their size or by a constant step.
//
//     strings [ROUNDS]
#include "common.h"

enum { Strings = 4000, Limit = 64 << 20, Step = 64 << 10 };

typedef struct {
    char* text;
    size_t length;
} String;

static String strings[Strings];

// No spare capacity: each append is a realloc, as in much C code.
static void append(String* string, const char* text, size_t length) {
    string->text = (char*)need(realloc(string->text, string->length + length));
    memcpy(string->text + string->length, text, length);
    string->length += length;
}

static uint64_t grow_many(Random* random, int appends) {
    static const char words[] = "the quick brown fox jumps over the lazy dog";
    uint64_t checksum = 0;
    for (int i = 0; i < appends; i++) {
        String* string = &strings[random_below(random, Strings)];
        append(string, words + random_below(random, 20), 1 + random_below(random, 20));
        if (string->length > 600) {
            checksum += string->length + (uint8_t)string->text[string->length / 2];
            free(string->text);
            string->text = NULL;
            string->length = 0;
        }
    }
    return checksum;
}

// New memory is written when it comes; what was there must have come along.
static uint64_t grow_one(size_t numerator, size_t denominator, size_t step) {
    size_t size = 4096;
    uint8_t* buffer = (uint8_t*)need(malloc(size));
    memset(buffer, 1, size);
    while (size < Limit) {
        size_t larger = size * numerator / denominator + step;
        buffer = (uint8_t*)need(realloc(buffer, larger));
        memset(buffer + size, (int)(larger >> 12), larger - size);
        size = larger;
    }
    uint64_t checksum = size;
    for (size_t i = 0; i < size; i += 4093) checksum += buffer[i];
    free(buffer);
    return checksum;
}

int main(int argc, char** argv) {
    uint64_t rounds = argument(argc, argv, 1, 8);
    Random random = random_seed(5);
    uint64_t checksum = 0;

    for (uint64_t round = 0; round < rounds; round++) {
        checksum += grow_many(&random, 1000000);
        checksum += grow_one(3, 2, 0);
        checksum += grow_one(1, 1, Step);
    }

    for (int i = 0; i < Strings; i++) {
        checksum += strings[i].length;
        free(strings[i].text);
    }
    report(checksum);
    return 0;
}
