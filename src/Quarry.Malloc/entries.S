/* The entry points of libquarry.so: those of every malloc image, and those in exports.txt. */

#include "malloc.S"

/* glibc's extensions. */
    ENTRY1 malloc_trim, quarry_malloc_trim
    ENTRY2 mallopt, quarry_mallopt
    ENTRY1 mallinfo2, quarry_mallinfo2
    ENTRY1 mallinfo, quarry_mallinfo
    ENTRY0 malloc_stats, quarry_malloc_stats
    ENTRY2 malloc_info, quarry_malloc_info

/* quarry.h */
    ENTRY1 quarry_limit, quarry_set_limit
    ENTRY2 quarry_exhaustion_handler, quarry_on_exhausted
    ENTRY2 quarry_stats, quarry_statistics

/*
 * What a thread's word points to before its first call: a thread heap without a heap. Its lists are empty,
 * and its table of pages has one entry that nobody owns, so that every request takes the slow path, where a
 * real one is made. It is never written. The offset is that of ThreadHeap.Pages.
 */
    .section .data.rel.ro, "aw", @progbits
    .p2align 13
    .hidden quarry_thread_none
    .globl  quarry_thread_none
    .type   quarry_thread_none, @object
    .size   quarry_thread_none, 8192
quarry_thread_none:
    .zero   656
    .quad   quarry_thread_none + 4096
    .zero   8192 - 664

    .text
FUNCTION quarry_thread_placeholder
    leaq    quarry_thread_none(%rip), %rax
    ret
END_FUNCTION quarry_thread_placeholder

/* The statistics file: its path, and its final record. */
    AT_LOAD quarry_at_load
    AT_EXIT quarry_at_exit

    .section .note.GNU-stack, "", @progbits
