// Sizes that the programs for the C surface share.
#ifndef SURFACE_H
#define SURFACE_H

#include "check.h"
#include <malloc.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

// No allocator can serve these.
__attribute__((unused)) static const size_t too_large[] = {
    (size_t)PTRDIFF_MAX + 1, (size_t)PTRDIFF_MAX + 4096, SIZE_MAX / 2 + 2, SIZE_MAX - 65536, SIZE_MAX - 4096,
    SIZE_MAX - 4095, SIZE_MAX - 64, SIZE_MAX - 16, SIZE_MAX - 15, SIZE_MAX - 8, SIZE_MAX - 1, SIZE_MAX,
};

// Every size up to 70000, then steps up to 40 MiB.
__attribute__((unused)) static size_t next_size(size_t size)
{
    return size < 70000 ? size + 1 : size + size / 7;
}
__attribute__((unused)) static const size_t last_size = 40000000;

#endif
