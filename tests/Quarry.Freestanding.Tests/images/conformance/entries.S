#include "entries.h"

/* No entry here is given the thread's word, and nobody asks for it. */
    .bss
    .p2align 6
    .hidden quarry_thread_none
    .globl  quarry_thread_none
quarry_thread_none:
    .zero   64

    .section .note.GNU-stack, "", @progbits
