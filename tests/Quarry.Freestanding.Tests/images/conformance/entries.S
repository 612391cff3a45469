#include "entries.h"

/* The thread word is not used in this image. */
    .bss
    .p2align 6
    .hidden quarry_thread_none
    .globl  quarry_thread_none
quarry_thread_none:
    .zero   64

    .section .note.GNU-stack, "", @progbits
