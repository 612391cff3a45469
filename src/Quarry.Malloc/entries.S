/* The entry points of libquarry.so, and what C# looks for in the process. */

#include "entries.h"

    ENTRY1 malloc, quarry_malloc
    ENTRY1 free, quarry_free
    ENTRY2 calloc, quarry_calloc
    ENTRY2 realloc, quarry_realloc

/* C++: operator new and delete. */
    ALIAS _Znwm, malloc
    ALIAS _ZdlPv, free

    WEAK __errno_location

/* The state of a thread that was never seen: no free block of any size. */
    .bss
    .p2align 6
    .hidden quarry_thread_none
    .globl  quarry_thread_none
    .type   quarry_thread_none, @object
    .size   quarry_thread_none, 4096
quarry_thread_none:
    .zero   4096

    .section .note.GNU-stack, "", @progbits
