#include "entries.h"

    ENTRY1 swap_thread_word, features_swap_thread_word
    ALIAS  swap_thread_word_alias, swap_thread_word

#include "layout.inc"

/* nint placed_offset(): an offset that assembly has from C#. */
    CONSTANT features_placed_offset, PLACED_OFFSET
    FORWARD placed_offset, features_placed_offset

    WEAK getpid
    WEAK quarry_absent

    .bss
    .p2align 6
    .hidden quarry_thread_none
    .globl  quarry_thread_none
quarry_thread_none:
    .zero   64

    .section .note.GNU-stack, "", @progbits
