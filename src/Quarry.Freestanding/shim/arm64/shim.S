/* The parts of an image that cannot be written in C#, for arm64 (AAPCS64). All symbols are hidden. */

#include "entries.h"

/* ---- The thread word -------------------------------------------------------------------------------------

   One word of thread-local storage, which the entry stubs pass to C# as the last argument. Its initial value
   is the address of quarry_thread_none, which the image defines, so that a new thread has a valid, empty
   state. THREAD_OFFSET has the two ways to find the word. */

    .section .tdata, "awT", %progbits
    .p2align 3
    .hidden quarry_thread_word
    .globl  quarry_thread_word
    .type   quarry_thread_word, %tls_object
    .size   quarry_thread_word, 8
quarry_thread_word:
    .quad   quarry_thread_none
    .hidden quarry_thread_none

    .text

/* void* quarry_thread_get(): returns the word, for code that is not called by an entry stub. */
FUNCTION quarry_thread_get
    THREAD_OFFSET x9, quarry_thread_word
    ldr     x0, [x16, x9]
    ret
END_FUNCTION quarry_thread_get

/* void quarry_thread_set(void*): sets the word of the calling thread. */
FUNCTION quarry_thread_set
    THREAD_OFFSET x9, quarry_thread_word
    str     x0, [x16, x9]
    ret
END_FUNCTION quarry_thread_set

/* nuint quarry_thread_pointer(): returns the thread pointer, which differs in all threads. */
FUNCTION quarry_thread_pointer
    mrs     x0, tpidr_el0
    ret
END_FUNCTION quarry_thread_pointer

/* nuint* quarry_frame_pointer(): returns the frame of the caller: a pointer to the previous frame, followed
   by the return address. The function has its own section, so that the linker drops it if it is unused. */
    .section .text.quarry_frame_pointer, "ax", %progbits
FUNCTION quarry_frame_pointer
    mov     x0, x29
    ret
END_FUNCTION quarry_frame_pointer

/* nuint quarry_code_start(), quarry_code_end(): return the bounds of the compiled C#, from symbols that the
   linker defines for a section with such a name. */
    .section .text.quarry_code, "ax", %progbits
    .hidden __start___managedcode
    .hidden __stop___managedcode
FUNCTION quarry_code_start
    LOCAL_ADDRESS x0, __start___managedcode
    ret
END_FUNCTION quarry_code_start

FUNCTION quarry_code_end
    LOCAL_ADDRESS x0, __stop___managedcode
    ret
END_FUNCTION quarry_code_end
    .text

/* ulong quarry_ticks(): returns the processor's counter, which runs at a constant rate. */
    .section .text.quarry_ticks, "ax", %progbits
FUNCTION quarry_ticks
    mrs     x0, cntvct_el0
    ret
END_FUNCTION quarry_ticks
    .text

/* ---- The system and C ---------------------------------------------------------------------------------- */

/* nint quarry_syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f)
   Returns the result of the system call: -errno on failure. The kernel preserves all other registers. */
FUNCTION quarry_syscall
    mov     x8, x0
    mov     x0, x1
    mov     x1, x2
    mov     x2, x3
    mov     x3, x4
    mov     x4, x5
    mov     x5, x6
    svc     #0
    ret
END_FUNCTION quarry_syscall

/* void quarry_write_error(const void* text, nuint length): writes to standard error, for assertions. */
    .section .text.quarry_write_error, "ax", %progbits
FUNCTION quarry_write_error
    mov     x2, x1
    mov     x1, x0
    mov     x0, #2
    mov     x8, #64                         // write
    svc     #0
    ret
END_FUNCTION quarry_write_error
    .text

/* nint quarry_callN(void* function, nint a, ...): calls a C function with 0 to 7 arguments; see NativeCall.
   One function serves all: the registers beyond the arguments are the callee's to overwrite. */
FUNCTION quarry_call7
    mov     x16, x0
    mov     x0, x1
    mov     x1, x2
    mov     x2, x3
    mov     x3, x4
    mov     x4, x5
    mov     x5, x6
    mov     x6, x7
    br      x16
END_FUNCTION quarry_call7

    .irp    arguments, 0, 1, 2, 3, 4, 5, 6
    .hidden quarry_call\arguments
    ALIAS   quarry_call\arguments, quarry_call7
    .endr

/* ---- Helpers of compiled code -------------------------------------------------------------------------- */

/* Called where .NET would throw and where a stack check fails: stops on an illegal instruction, so that a
   debugger or a core file shows the location. */
FUNCTION RhpFallbackFailFast
    udf     #0
END_FUNCTION RhpFallbackFailFast

/* Called at the start and end of methods with [UnmanagedCallersOnly], and around calls through unmanaged
   function pointers, to enter and leave the runtime. An image has no runtime, so they do nothing. */
FUNCTION RhpReversePInvoke
    ret
END_FUNCTION RhpReversePInvoke

FUNCTION RhpReversePInvokeReturn
    ret
END_FUNCTION RhpReversePInvokeReturn

FUNCTION RhpPInvoke
    ret
END_FUNCTION RhpPInvoke

FUNCTION RhpPInvokeReturn
    ret
END_FUNCTION RhpPInvokeReturn

/* Methods with a buffer on the stack compare a copy of this word on return. It contains zero, line feed and
   0xff, which stop most overrunning string copies. The word is a constant, because no code of an image runs
   early enough to set it. */
    .section .rodata, "a", %progbits
    .p2align 3
    .hidden __security_cookie
    .globl  __security_cookie
    .type   __security_cookie, %object
    .size   __security_cookie, 8
__security_cookie:
    .quad   0xff0a0dd3b5e1c900

    .text

/* ---- Blocks of memory ------------------------------------------------------------------------------------

   The JIT calls these three functions for struct copies and clears beyond about 128 bytes, and the core
   library calls them for NativeMemory and Unsafe. Up to 64 bytes they use overlapping loads and stores
   without a loop. Zeroing by cache lines (DC ZVA) is left out: whether it exists, and for which size, has to
   be read from the processor. */

/* void RhSpanHelpers_MemCopy(void* destination, void* source, nuint length): memmove. */
FUNCTION RhSpanHelpers_MemCopy
    add     x4, x1, x2                      // behind the source
    add     x5, x0, x2                      // behind the destination
    cmp     x2, #16
    b.lo    .Lcopy_below_16
    cmp     x2, #32
    b.hi    .Lcopy_above_32
    ldr     q0, [x1]
    ldr     q1, [x4, #-16]
    str     q0, [x0]
    str     q1, [x5, #-16]
    ret

.Lcopy_below_16:
    tbnz    x2, #3, .Lcopy_8_to_15
    tbnz    x2, #2, .Lcopy_4_to_7
    cbz     x2, .Lcopy_done
    lsr     x6, x2, #1                      // 0, 1, 1: the middle byte, or another one
    ldrb    w7, [x1]
    ldrb    w8, [x1, x6]
    ldrb    w9, [x4, #-1]
    strb    w7, [x0]
    strb    w8, [x0, x6]
    strb    w9, [x5, #-1]
.Lcopy_done:
    ret
.Lcopy_4_to_7:
    ldr     w6, [x1]
    ldr     w7, [x4, #-4]
    str     w6, [x0]
    str     w7, [x5, #-4]
    ret
.Lcopy_8_to_15:
    ldr     x6, [x1]
    ldr     x7, [x4, #-8]
    str     x6, [x0]
    str     x7, [x5, #-8]
    ret

.Lcopy_above_32:
    cmp     x2, #64
    b.hi    .Lcopy_above_64
    ldp     q0, q1, [x1]
    ldp     q2, q3, [x4, #-32]
    stp     q0, q1, [x0]
    stp     q2, q3, [x5, #-32]
    ret

.Lcopy_above_64:
    sub     x6, x0, x1
    cmp     x6, x2                          // destination inside the source: copy from the end
    b.lo    .Lcopy_backward
    ldp     q4, q5, [x4, #-64]              // load the last 64 bytes before a store overwrites them
    ldp     q6, q7, [x4, #-32]
    sub     x5, x5, #64
.Lcopy_forward_loop:
    ldp     q0, q1, [x1]
    ldp     q2, q3, [x1, #32]
    stp     q0, q1, [x0]
    stp     q2, q3, [x0, #32]
    add     x1, x1, #64
    add     x0, x0, #64
    cmp     x0, x5
    b.lo    .Lcopy_forward_loop
    stp     q4, q5, [x5]
    stp     q6, q7, [x5, #32]
    ret

.Lcopy_backward:
    ldp     q4, q5, [x1]                    // load the first 64 bytes before a store overwrites them
    ldp     q6, q7, [x1, #32]
    add     x6, x0, #64
.Lcopy_backward_loop:
    ldp     q0, q1, [x4, #-32]
    ldp     q2, q3, [x4, #-64]
    stp     q0, q1, [x5, #-32]
    stp     q2, q3, [x5, #-64]
    sub     x4, x4, #64
    sub     x5, x5, #64
    cmp     x5, x6
    b.hi    .Lcopy_backward_loop
    stp     q4, q5, [x0]
    stp     q6, q7, [x0, #32]
    ret
END_FUNCTION RhSpanHelpers_MemCopy

/* void RhSpanHelpers_MemZero(void* destination, nuint length): memset to 0. */
FUNCTION RhSpanHelpers_MemZero
    mov     x2, x1
    mov     w1, #0
    b       RhSpanHelpers_MemSet
END_FUNCTION RhSpanHelpers_MemZero

/* void RhSpanHelpers_MemSet(void* destination, byte value, nuint length): memset. */
FUNCTION RhSpanHelpers_MemSet
    dup     v0.16b, w1
    add     x5, x0, x2                      // behind the destination
    cmp     x2, #16
    b.lo    .Lset_below_16
    cmp     x2, #64
    b.hi    .Lset_above_64
    str     q0, [x0]
    str     q0, [x5, #-16]
    cmp     x2, #32
    b.ls    .Lset_done
    str     q0, [x0, #16]
    str     q0, [x5, #-32]
.Lset_done:
    ret

.Lset_below_16:
    tbnz    x2, #3, .Lset_8_to_15
    tbnz    x2, #2, .Lset_4_to_7
    cbz     x2, .Lset_done
    lsr     x6, x2, #1
    strb    w1, [x0]
    strb    w1, [x0, x6]
    strb    w1, [x5, #-1]
    ret
.Lset_4_to_7:
    str     s0, [x0]
    str     s0, [x5, #-4]
    ret
.Lset_8_to_15:
    str     d0, [x0]
    str     d0, [x5, #-8]
    ret

.Lset_above_64:
    sub     x5, x5, #64
.Lset_loop:
    stp     q0, q0, [x0]
    stp     q0, q0, [x0, #32]
    add     x0, x0, #64
    cmp     x0, x5
    b.lo    .Lset_loop
    stp     q0, q0, [x5]
    stp     q0, q0, [x5, #32]
    ret
END_FUNCTION RhSpanHelpers_MemSet

    .section .note.GNU-stack, "", %progbits
