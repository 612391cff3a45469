/* The entry points of libquarry.so: those of every malloc image, and those listed in exports.txt. */

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
    ENTRY1 quarry_event, quarry_record_event

/*
 * The thread heap of threads that have not allocated yet: no heap, empty free lists, and a page table with
 * one unowned page, the last bytes of the thread heap. Every request therefore takes the slow path, which
 * creates a real thread heap. This one is never written. The constants are generated from the C# structs; see
 * layout.txt.
 */
#include "layout.inc"

    .section .data.rel.ro, "aw", @progbits
    .balign THREAD_HEAP_BYTES
    .hidden quarry_thread_none
    .globl  quarry_thread_none
    .type   quarry_thread_none, @object
    .size   quarry_thread_none, THREAD_HEAP_BYTES
quarry_thread_none:
    .zero   THREAD_HEAP_PAGES
    .quad   quarry_thread_none + THREAD_HEAP_BYTES - PAGE_BYTES
    .zero   THREAD_HEAP_BYTES - THREAD_HEAP_PAGES - 8

    .text
FUNCTION quarry_thread_placeholder
    leaq    quarry_thread_none(%rip), %rax
    ret
END_FUNCTION quarry_thread_placeholder

/* The statistics file: reads its path on load, and writes its final record at exit. */
    AT_LOAD quarry_at_load
    AT_EXIT quarry_at_exit

/* The profile file, likewise. */
    AT_LOAD quarry_profile_at_load
    AT_EXIT quarry_profile_at_exit

    .section .note.GNU-stack, "", @progbits
