#include "entries.h"

    ENTRY1 swap_thread_word, features_swap_thread_word
    ALIAS  swap_thread_word_alias, swap_thread_word

#include "layout.inc"

/* nint placed_offset(): an offset that assembly has from C#. */
    .text
    .globl  placed_offset
    .type   placed_offset, @function
placed_offset:
    movl    $PLACED_OFFSET, %eax
    ret

    WEAK getpid
    WEAK quarry_absent

    .bss
    .p2align 6
    .hidden quarry_thread_none
    .globl  quarry_thread_none
quarry_thread_none:
    .zero   64

    .section .note.GNU-stack, "", @progbits
