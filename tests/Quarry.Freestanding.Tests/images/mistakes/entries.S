#include "entries.h"

    ENTRY0 unlisted, imports

    WEAK getenv

/* 32 bytes per thread, with the thread word. */
    .section .tbss, "awT", @nobits
large_state:
    .zero   24

/* An absolute address in code, and a reference that keeps large_state. */
    .text
    .globl  addresses
addresses:
#ifdef __aarch64__
    adrp    x0, :gottprel:large_state
    ldr     x0, [x0, :gottprel_lo12:large_state]
#else
    movq    large_state@gottpoff(%rip), %rax
#endif
    .quad   quarry_thread_none

    .bss
    .p2align 6
    .hidden quarry_thread_none
    .globl  quarry_thread_none
quarry_thread_none:
    .zero   64

    .section .note.GNU-stack, "", @progbits
