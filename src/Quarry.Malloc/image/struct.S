/* The entry points of an image whose malloc is a struct that implements IAllocator. */

#include "malloc.S"

/* These allocators do not use the thread word. */
    .set    quarry_thread_none, 0
    .globl  quarry_thread_none
    .hidden quarry_thread_none

    AT_LOAD quarry_at_load

    .section .note.GNU-stack, "", @progbits
