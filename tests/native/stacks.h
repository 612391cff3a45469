// The functions of libquarry-stacks.so; see tests/Quarry.Stacks.
#ifndef STACKS_H
#define STACKS_H

#include <stdint.h>

enum { STACKS_BROKEN, STACKS_TRUNCATED, STACKS_COMPLETE };

struct stacks_module
{
    uintptr_t start, end, load_bias;
    int build_id_length;
    unsigned char build_id[24];
    char path[200];
};

#ifdef __cplusplus
extern "C" {
#endif
void *stacks_open(int by_mappings);
int stacks_walk(void *walker, void **addresses, int capacity, int *end);
const struct stacks_module *stacks_module(uintptr_t index);
#ifdef __cplusplus
}
#endif

#endif
