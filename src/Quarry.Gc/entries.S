/* The entry points of libquarrygc.so are C# methods, exported under their own names: Interface/Exports.cs. */

#include "entries.h"

/* The initial value of the thread word of the shim, which this image does not use. */
    .section .bss, "aw", @nobits
    .p2align 3
    .hidden quarry_thread_none
    .globl  quarry_thread_none
    .type   quarry_thread_none, @object
    .size   quarry_thread_none, 8
quarry_thread_none:
    .zero   8

    .text
FUNCTION quarry_thread_placeholder
    leaq    quarry_thread_none(%rip), %rax
    ret
END_FUNCTION quarry_thread_placeholder

/* Called by the loader when the process exits: Diagnostics/FinalReport.cs. */
    .section .fini_array, "aw"
    .p2align 3
    .quad   quarry_gc_end

    .section .note.GNU-stack, "", @progbits
