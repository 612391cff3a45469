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

/* Calls a C function with an array of at least six arguments: quarry_gc_call(function, arguments, count). */
FUNCTION quarry_gc_call
    pushq   %rbp
    movq    %rsp, %rbp
    movq    %rdi, %rax
    movq    %rsi, %r10
    movq    %rdx, %rcx
    /* The stack is aligned to 16 bytes at the call. */
    testb   $1, %cl
    jz      1f
    subq    $8, %rsp
1:  cmpq    $6, %rcx
    jbe     2f
    pushq   -8(%r10, %rcx, 8)
    decq    %rcx
    jmp     1b
2:  movq    (%r10), %rdi
    movq    8(%r10), %rsi
    movq    16(%r10), %rdx
    movq    24(%r10), %rcx
    movq    32(%r10), %r8
    movq    40(%r10), %r9
    call    *%rax
    leave
    ret
END_FUNCTION quarry_gc_call

/* Called by the loader when the process exits: Diagnostics/FinalReport.cs. */
    .section .fini_array, "aw"
    .p2align 3
    .quad   quarry_gc_end

    .section .note.GNU-stack, "", @progbits
