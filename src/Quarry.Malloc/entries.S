/* The entry points of libquarry.so: those of every malloc image, and those listed in exports.txt. */

#include "malloc.S"

/* glibc's extensions. */
    ENTRY1 malloc_trim, quarry_malloc_trim
    ENTRY2 mallopt, quarry_mallopt
    ENTRY_RESULT mallinfo2, quarry_mallinfo2
    ENTRY_RESULT mallinfo, quarry_mallinfo
    ENTRY0 malloc_stats, quarry_malloc_stats
    ENTRY2 malloc_info, quarry_malloc_info

/* Signal handlers are called through quarry_signal_entry. */
    ENTRY3 sigaction, quarry_sigaction
    ENTRY2 signal, quarry_signal

/* quarry.h */
    ENTRY1 quarry_limit, quarry_set_limit
    ENTRY2 quarry_exhaustion_handler, quarry_on_exhausted
    ENTRY2 quarry_stats, quarry_statistics
    ENTRY1 quarry_event, quarry_record_event
    ENTRY1 quarry_profile, quarry_start_profile

/* jemalloc's functions. FORWARD is for those that have no register left for the thread word, or no use of
   it. */
    ENTRY2 mallocx, quarry_mallocx
    ENTRY3 rallocx, quarry_rallocx
    FORWARD xallocx, quarry_xallocx
    ENTRY2 sallocx, quarry_sallocx
    ENTRY2 dallocx, quarry_dallocx
    ENTRY3 sdallocx, quarry_sdallocx
    FORWARD nallocx, quarry_nallocx
    FORWARD mallctl, quarry_mallctl
    FORWARD mallctlnametomib, quarry_mallctlnametomib
    FORWARD mallctlbymib, quarry_mallctlbymib
    FORWARD malloc_stats_print, quarry_malloc_stats_print

/* jemalloc's options of the program, and its function for messages. */
    VARIABLE malloc_conf
    VARIABLE malloc_conf_2_conf_harder
    VARIABLE malloc_message

#include "prefixed.S"

/* jemalloc's last dump. Before the other entries of its kind, so that it runs last:
   it may end the process. */
    AT_EXIT quarry_dump_at_exit

/* jemalloc's report at exit. */
    AT_EXIT quarry_report_at_exit

/*
 * The thread heap of threads that have not allocated yet: no heap, empty free lists, and a page table with
 * one unowned page, the last bytes of the thread heap. Every request therefore takes the slow path, which
 * creates a real thread heap. A signal handler that has interrupted the heap has another one of the same
 * contents. Neither is ever written. The constants are generated from the C# structs; see layout.txt.
 */
#include "layout.inc"

    .macro PLACEHOLDER name
    .section .data.rel.ro, "aw", @progbits
    .balign THREAD_HEAP_BYTES
    .hidden \name
    .globl  \name
    .type   \name, @object
    .size   \name, THREAD_HEAP_BYTES
\name:
    .zero   THREAD_HEAP_PAGES
    .quad   \name + THREAD_HEAP_BYTES - PAGE_BYTES
    .zero   THREAD_HEAP_BYTES - THREAD_HEAP_PAGES - 8
    .endm

    PLACEHOLDER quarry_thread_none
    PLACEHOLDER quarry_thread_in_handler
    ADDRESS quarry_thread_placeholder, quarry_thread_none
    ADDRESS quarry_handler_placeholder, quarry_thread_in_handler
    SIGNAL_ENTRY quarry_signal_entry, quarry_thread_in_handler, THREAD_HEAP_HEAP, THREAD_HEAP_BUSY

/* The statistics file: reads its path on load, and writes its final record at exit. */
    AT_LOAD quarry_at_load
    AT_EXIT quarry_at_exit

/* The profile file, likewise. */
    AT_LOAD quarry_profile_at_load
    AT_EXIT quarry_profile_at_exit

/* The handler of faults, if blocks are guarded. At exit, all blocks are inspected if they are checked. */
    AT_LOAD quarry_guard_at_load
    AT_EXIT quarry_inspect_at_exit

/* The background thread: starts it if the options ask for it. */
    AT_LOAD quarry_background_at_load
    WEAK pthread_create
    WEAK pthread_join
    WEAK pthread_attr_init
    WEAK pthread_attr_setstacksize
    WEAK pthread_sigmask
    WEAK sigfillset

/* The memory through which another process asks for a profile; see ProfileRequest. The hidden name makes the
   reference independent of symbols of that name in other modules. */
    .data
    .balign 64
    .globl  quarry_control
    .type   quarry_control, @object
    .size   quarry_control, PROFILE_REQUEST_BYTES
    .hidden quarry_control_memory
    .globl  quarry_control_memory
quarry_control:
quarry_control_memory:
    .quad   PROFILE_REQUEST_SIGNATURE
    .zero   PROFILE_REQUEST_BYTES - 8
    ADDRESS quarry_control_address, quarry_control_memory

    .section .note.GNU-stack, "", @progbits
