/* libquarry: a malloc for Linux, written in C# without a runtime.
 *
 * The library replaces malloc and related functions under their own names, which requires no header. This
 * header declares the functions that have no standard name. Any thread may call them at any time. */
#ifndef QUARRY_H
#define QUARRY_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Statistics of the heap at one moment. All sizes are in bytes. Later versions append fields. */
typedef struct quarry_statistics {
    size_t requested_bytes;         /* in all blocks allocated so far, rounded up to their size classes */
    size_t allocations;             /* the number of blocks allocated so far */
    size_t in_use_bytes;            /* in blocks in use, rounded up to their size classes */
    size_t in_use_blocks;           /* the number of blocks in use */
    size_t used_bytes;              /* in pages that contain blocks, or are retained for reuse */
    size_t peak_bytes;              /* the highest used_bytes so far */
    size_t committed_bytes;         /* accessible without another system call */
    size_t mapped_bytes;            /* of reserved address space */
    size_t resident_bytes;          /* the part of mapped_bytes in physical memory */
    size_t dirty_bytes;             /* freed but not yet purged */
    size_t threads;                 /* the number of threads with a thread heap */
    size_t large_allocations;       /* the number of blocks above 64 KiB allocated so far */
    size_t large_in_use_blocks;     /* the number of these blocks in use */
    size_t large_in_use_bytes;      /* in these blocks in use */
} quarry_statistics;

/* Fills in the statistics. Pass sizeof(quarry_statistics) as the size: a library with fewer statistics sets
 * the remaining fields to 0, and one with more does not write beyond the size. Returns the size of the
 * structure in the library. The function scans the heap's tables, which takes microseconds for a small
 * heap. */
size_t quarry_stats(quarry_statistics *result, size_t size);

/* Sets the limit on the memory of blocks and the pages around them, in bytes; 0 for no limit. When it is
 * reached, malloc calls the handler below, and returns NULL with ENOMEM if the handler frees too little.
 * Blocks in use are not affected. */
void quarry_limit(size_t bytes);

/* Called when a request cannot be served: at the limit, or when the system has no memory. The size is rounded
 * up to the alignment. The handler may free blocks and return true to retry the request; if it returns
 * false, the request fails. The handler is not called for a request larger than the address space. */
typedef bool (*quarry_exhausted)(size_t size, size_t alignment, void *argument);

/* Installs a handler in place of the previous one; NULL removes it. If several threads install handlers at
 * the same time, a handler may be called with the argument of another handler. */
void quarry_exhaustion_handler(quarry_exhausted handler, void *argument);

/* Adds an event with a weight to the profile of the process, at the call stack of the caller: something that
 * is not an allocation but is worth counting, such as the bytes that a function copies. Without a profile
 * that records, it does nothing. */
void quarry_event(size_t weight);

/* Creates the profile file PREFIX.PID.qprof, which records nothing until a command to do so, such as that of
 * `quarry profile --attach PID`. The process deletes the file when it exits. Returns 0 or an error number:
 * EEXIST if the process has a profile file, EBUSY if another thread is creating one, ENAMETOOLONG, ENOMEM, or
 * the error of the file system, such as EACCES. */
int quarry_profile(const char *prefix);

#ifdef __cplusplus
}
#endif

#endif
