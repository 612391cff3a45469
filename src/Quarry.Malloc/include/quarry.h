/* libquarry: a malloc for Linux, written in C# without a runtime.
 *
 * The library replaces malloc and its relatives by their own names; that needs nothing of this header.
 * Here is what has no name elsewhere. The functions may be called by any thread at any time. */
#ifndef QUARRY_H
#define QUARRY_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The figures of the heap at one moment. All sizes are in bytes. */
typedef struct quarry_statistics {
    size_t requested_bytes;         /* in all blocks ever taken, rounded up to their size classes */
    size_t allocations;             /* blocks ever taken */
    size_t in_use_bytes;            /* in blocks in use, rounded up to their size classes */
    size_t in_use_blocks;
    size_t used_bytes;              /* in pages that hold, or are kept ready for, blocks */
    size_t peak_bytes;              /* the highest used_bytes so far */
    size_t committed_bytes;         /* may be touched without asking the system again */
    size_t mapped_bytes;            /* of address space */
    size_t resident_bytes;          /* of these, backed by physical memory */
    size_t dirty_bytes;             /* freed, and not given back to the system yet */
    size_t threads;                 /* that have a part of the heap */
    size_t large_allocations;       /* blocks above 64 KiB ever taken */
    size_t large_in_use_blocks;
    size_t large_in_use_bytes;
} quarry_statistics;

/* Fills in the figures. It walks the tables of the heap: microseconds for a small one. */
void quarry_stats(quarry_statistics* result);

/* Sets the most memory, in bytes, that blocks and the pages around them may take; 0 for no limit. Beyond it
 * malloc returns NULL with ENOMEM, after asking the handler below. Blocks in use are not affected. */
void quarry_limit(size_t bytes);

/* Called when a request cannot be served: at the limit, or when the system has no memory. Gets the alignment
 * and the size, rounded up to it. It may free blocks and return true to try again; if it returns false, the
 * caller gets NULL. */
typedef bool (*quarry_exhausted)(size_t size, size_t alignment, void* argument);

/* Installs the handler, in the place of the former one; NULL for none. */
void quarry_exhaustion_handler(quarry_exhausted handler, void* argument);

#ifdef __cplusplus
}
#endif

#endif
