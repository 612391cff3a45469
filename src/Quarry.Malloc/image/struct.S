/* The entry points of an image that has an allocator of the library's kind for malloc. */

#include "malloc.S"

/* Such an allocator keeps nothing in a thread's word. */
    .set    quarry_thread_none, 0
    .globl  quarry_thread_none
    .hidden quarry_thread_none

    AT_LOAD quarry_at_load

    .section .note.GNU-stack, "", @progbits
