/* The parts of an image that cannot be written in C#, for x64 (System V ABI). All symbols are hidden. */

#include "entries.h"

/* ---- The thread word -------------------------------------------------------------------------------------

   One word of thread-local storage, which the entry stubs pass to C# as the last argument. Its initial value
   is the address of quarry_thread_none, which the image defines, so that a new thread has a valid, empty
   state. THREAD_OFFSET has the two ways to find the word. */

    .section .tdata, "awT", @progbits
    .p2align 3
    .hidden quarry_thread_word
    .globl  quarry_thread_word
    .type   quarry_thread_word, @tls_object
    .size   quarry_thread_word, 8
quarry_thread_word:
    .quad   quarry_thread_none
    .hidden quarry_thread_none

    .text

/* void* quarry_thread_get(): returns the word, for code that is not called by an entry stub. */
FUNCTION quarry_thread_get
    THREAD_OFFSET quarry_thread_word
    movq    %fs:(%rax), %rax
    ret
END_FUNCTION quarry_thread_get

/* void quarry_thread_set(void*): sets the word of the calling thread. */
FUNCTION quarry_thread_set
    THREAD_OFFSET quarry_thread_word
    movq    %rdi, %fs:(%rax)
    ret
END_FUNCTION quarry_thread_set

/* nuint quarry_thread_pointer(): returns the address of the thread control block, from its first word. */
FUNCTION quarry_thread_pointer
    movq    %fs:0, %rax
    ret
END_FUNCTION quarry_thread_pointer

/* nuint* quarry_frame_pointer(): returns the frame of the caller: a pointer to the previous frame, followed
   by the return address. The function has its own section, so that the linker drops it if it is unused. */
    .section .text.quarry_frame_pointer, "ax", @progbits
FUNCTION quarry_frame_pointer
    movq    %rbp, %rax
    ret
END_FUNCTION quarry_frame_pointer

/* void quarry_registers(nuint* registers): stores the return address of this call, and the stack pointer and
   the frame pointer of the caller after it. */
    .section .text.quarry_registers, "ax", @progbits
FUNCTION quarry_registers
    movq    (%rsp), %rax
    leaq    8(%rsp), %rcx
    movq    %rax, (%rdi)
    movq    %rcx, 8(%rdi)
    movq    %rbp, 16(%rdi)
    ret
END_FUNCTION quarry_registers

/* nuint quarry_code_start(), quarry_code_end(): return the bounds of the compiled C#, from symbols that the
   linker defines for a section with such a name. */
    .section .text.quarry_code, "ax", @progbits
    .hidden __start___managedcode
    .hidden __stop___managedcode
FUNCTION quarry_code_start
    leaq    __start___managedcode(%rip), %rax
    ret
END_FUNCTION quarry_code_start

FUNCTION quarry_code_end
    leaq    __stop___managedcode(%rip), %rax
    ret
END_FUNCTION quarry_code_end
    .text

/* ulong quarry_ticks(): returns the processor's counter, which runs at a constant rate. */
    .section .text.quarry_ticks, "ax", @progbits
FUNCTION quarry_ticks
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    ret
END_FUNCTION quarry_ticks
    .text

/* ---- The system and C ---------------------------------------------------------------------------------- */

/* nint quarry_syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f)
   Returns the result of the system call: -errno on failure. The kernel overwrites rcx and r11, which are
   caller-saved. */
FUNCTION quarry_syscall
    movq    %rdi, %rax
    movq    %rsi, %rdi
    movq    %rdx, %rsi
    movq    %rcx, %rdx
    movq    %r8, %r10
    movq    %r9, %r8
    movq    8(%rsp), %r9
    syscall
    ret
END_FUNCTION quarry_syscall

/* void quarry_write_error(const void* text, nuint length): writes to standard error, for assertions. */
    .section .text.quarry_write_error, "ax", @progbits
FUNCTION quarry_write_error
    movq    %rsi, %rdx
    movq    %rdi, %rsi
    movl    $2, %edi
    movl    $1, %eax                        # write
    syscall
    ret
END_FUNCTION quarry_write_error
    .text

/* Called for frames larger than a page: touches each page down to the address in r11, so that an overflow
   hits the guard page of the stack. */
FUNCTION RhpStackProbe
    pushq   %rax
    .cfi_adjust_cfa_offset 8
    leaq    16(%rsp), %rax
1:  subq    $4096, %rax
    testl   %eax, (%rax)
    cmpq    %r11, %rax
    ja      1b
    popq    %rax
    .cfi_adjust_cfa_offset -8
    ret
END_FUNCTION RhpStackProbe

/* nint quarry_callN(void* function, nint a, ...): calls a C function; see NativeCall. */
FUNCTION quarry_call0
    jmp     *%rdi
END_FUNCTION quarry_call0

FUNCTION quarry_call1
    movq    %rdi, %rax
    movq    %rsi, %rdi
    jmp     *%rax
END_FUNCTION quarry_call1

FUNCTION quarry_call2
    movq    %rdi, %rax
    movq    %rsi, %rdi
    movq    %rdx, %rsi
    jmp     *%rax
END_FUNCTION quarry_call2

FUNCTION quarry_call3
    movq    %rdi, %rax
    movq    %rsi, %rdi
    movq    %rdx, %rsi
    movq    %rcx, %rdx
    jmp     *%rax
END_FUNCTION quarry_call3

FUNCTION quarry_call4
    movq    %rdi, %rax
    movq    %rsi, %rdi
    movq    %rdx, %rsi
    movq    %rcx, %rdx
    movq    %r8, %rcx
    jmp     *%rax
END_FUNCTION quarry_call4

FUNCTION quarry_call5
    movq    %rdi, %rax
    movq    %rsi, %rdi
    movq    %rdx, %rsi
    movq    %rcx, %rdx
    movq    %r8, %rcx
    movq    %r9, %r8
    jmp     *%rax
END_FUNCTION quarry_call5

FUNCTION quarry_call6
    movq    %rdi, %rax
    movq    %rsi, %rdi
    movq    %rdx, %rsi
    movq    %rcx, %rdx
    movq    %r8, %rcx
    movq    %r9, %r8
    movq    8(%rsp), %r9
    jmp     *%rax
END_FUNCTION quarry_call6

/* The last argument moves down in the caller's argument area, which belongs to the callee. */
FUNCTION quarry_call7
    movq    %rdi, %rax
    movq    %rsi, %rdi
    movq    %rdx, %rsi
    movq    %rcx, %rdx
    movq    %r8, %rcx
    movq    %r9, %r8
    movq    8(%rsp), %r9
    movq    16(%rsp), %r10
    movq    %r10, 8(%rsp)
    jmp     *%rax
END_FUNCTION quarry_call7

/* ---- Helpers of compiled code -------------------------------------------------------------------------- */

/* Called where .NET would throw and where a stack check fails: stops on an illegal instruction, so that a
   debugger or a core file shows the location. */
FUNCTION RhpFallbackFailFast
    ud2
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
    .section .rodata, "a", @progbits
    .p2align 3
    .hidden __security_cookie
    .globl  __security_cookie
    .type   __security_cookie, @object
    .size   __security_cookie, 8
__security_cookie:
    .quad   0xff0a0dd3b5e1c900

    .text

/* ---- Blocks of memory ------------------------------------------------------------------------------------

   The JIT calls these three functions for struct copies and clears beyond about 128 bytes, and the core
   library calls them for NativeMemory and Unsafe. Up to 64 bytes they use overlapping loads and stores
   without a loop. From STRING_BYTES on, the string instructions are the fastest method that does not
   depend on the vector extensions of the processor. */

    .set    STRING_BYTES, 2048

/* void RhSpanHelpers_MemCopy(void* destination, void* source, nuint length): memmove. */
FUNCTION RhSpanHelpers_MemCopy
    cmpq    $16, %rdx
    jb      .Lcopy_below_16
    cmpq    $32, %rdx
    ja      .Lcopy_above_32
    movups  (%rsi), %xmm0
    movups  -16(%rsi,%rdx), %xmm1
    movups  %xmm0, (%rdi)
    movups  %xmm1, -16(%rdi,%rdx)
    ret

.Lcopy_below_16:
    cmpq    $8, %rdx
    jae     .Lcopy_8_to_15
    cmpq    $4, %rdx
    jae     .Lcopy_4_to_7
    cmpq    $1, %rdx
    jb      .Lcopy_done
    movzbl  -1(%rsi,%rdx), %ecx
    je      .Lcopy_last_byte
    movzwl  (%rsi), %eax
    movw    %ax, (%rdi)
.Lcopy_last_byte:
    movb    %cl, -1(%rdi,%rdx)
.Lcopy_done:
    ret
.Lcopy_4_to_7:
    movl    (%rsi), %eax
    movl    -4(%rsi,%rdx), %ecx
    movl    %eax, (%rdi)
    movl    %ecx, -4(%rdi,%rdx)
    ret
.Lcopy_8_to_15:
    movq    (%rsi), %rax
    movq    -8(%rsi,%rdx), %rcx
    movq    %rax, (%rdi)
    movq    %rcx, -8(%rdi,%rdx)
    ret

.Lcopy_above_32:
    cmpq    $64, %rdx
    ja      .Lcopy_above_64
    movups  (%rsi), %xmm0
    movups  16(%rsi), %xmm1
    movups  -32(%rsi,%rdx), %xmm2
    movups  -16(%rsi,%rdx), %xmm3
    movups  %xmm0, (%rdi)
    movups  %xmm1, 16(%rdi)
    movups  %xmm2, -32(%rdi,%rdx)
    movups  %xmm3, -16(%rdi,%rdx)
    ret

.Lcopy_above_64:
    movq    %rdi, %rax
    subq    %rsi, %rax
    cmpq    %rdx, %rax                      # destination inside the source: copy from the end
    jb      .Lcopy_backward
    cmpq    $STRING_BYTES, %rdx
    jae     .Lcopy_string
    movups  -64(%rsi,%rdx), %xmm4           # load the last 64 bytes before a store overwrites them
    movups  -48(%rsi,%rdx), %xmm5
    movups  -32(%rsi,%rdx), %xmm6
    movups  -16(%rsi,%rdx), %xmm7
    leaq    -64(%rdi,%rdx), %rcx
.Lcopy_forward_loop:
    movups  (%rsi), %xmm0
    movups  16(%rsi), %xmm1
    movups  32(%rsi), %xmm2
    movups  48(%rsi), %xmm3
    movups  %xmm0, (%rdi)
    movups  %xmm1, 16(%rdi)
    movups  %xmm2, 32(%rdi)
    movups  %xmm3, 48(%rdi)
    addq    $64, %rsi
    addq    $64, %rdi
    cmpq    %rcx, %rdi
    jb      .Lcopy_forward_loop
    movups  %xmm4, (%rcx)
    movups  %xmm5, 16(%rcx)
    movups  %xmm6, 32(%rcx)
    movups  %xmm7, 48(%rcx)
    ret
.Lcopy_string:
    movq    %rdx, %rcx
    rep movsb
    ret

.Lcopy_backward:
    movups  (%rsi), %xmm4                   # load the first 64 bytes before a store overwrites them
    movups  16(%rsi), %xmm5
    movups  32(%rsi), %xmm6
    movups  48(%rsi), %xmm7
    movq    %rdi, %rcx
    addq    %rdx, %rsi
    addq    %rdx, %rdi
    leaq    64(%rcx), %rdx
.Lcopy_backward_loop:
    movups  -16(%rsi), %xmm0
    movups  -32(%rsi), %xmm1
    movups  -48(%rsi), %xmm2
    movups  -64(%rsi), %xmm3
    movups  %xmm0, -16(%rdi)
    movups  %xmm1, -32(%rdi)
    movups  %xmm2, -48(%rdi)
    movups  %xmm3, -64(%rdi)
    subq    $64, %rsi
    subq    $64, %rdi
    cmpq    %rdx, %rdi
    ja      .Lcopy_backward_loop
    movups  %xmm4, (%rcx)
    movups  %xmm5, 16(%rcx)
    movups  %xmm6, 32(%rcx)
    movups  %xmm7, 48(%rcx)
    ret
END_FUNCTION RhSpanHelpers_MemCopy

/* void RhSpanHelpers_MemZero(void* destination, nuint length): memset to 0. */
FUNCTION RhSpanHelpers_MemZero
    movq    %rsi, %rdx
    xorl    %esi, %esi
    jmp     RhSpanHelpers_MemSet
END_FUNCTION RhSpanHelpers_MemZero

/* void RhSpanHelpers_MemSet(void* destination, byte value, nuint length): memset. */
FUNCTION RhSpanHelpers_MemSet
    movzbl  %sil, %eax
    movabsq $0x0101010101010101, %rcx
    imulq   %rcx, %rax                      # the byte in all 8 bytes
    cmpq    $16, %rdx
    jb      .Lset_below_16
    movq    %rax, %xmm0
    punpcklqdq %xmm0, %xmm0                 # and in all 16
    cmpq    $64, %rdx
    ja      .Lset_above_64
    movups  %xmm0, (%rdi)
    movups  %xmm0, -16(%rdi,%rdx)
    cmpq    $32, %rdx
    jbe     .Lset_done
    movups  %xmm0, 16(%rdi)
    movups  %xmm0, -32(%rdi,%rdx)
.Lset_done:
    ret

.Lset_below_16:
    cmpq    $8, %rdx
    jae     .Lset_8_to_15
    cmpq    $4, %rdx
    jae     .Lset_4_to_7
    cmpq    $1, %rdx
    jb      .Lset_done
    movb    %al, -1(%rdi,%rdx)
    je      .Lset_done
    movw    %ax, (%rdi)
    ret
.Lset_4_to_7:
    movl    %eax, (%rdi)
    movl    %eax, -4(%rdi,%rdx)
    ret
.Lset_8_to_15:
    movq    %rax, (%rdi)
    movq    %rax, -8(%rdi,%rdx)
    ret

.Lset_above_64:
    cmpq    $STRING_BYTES, %rdx
    jae     .Lset_string
    leaq    -64(%rdi,%rdx), %rcx
.Lset_loop:
    movups  %xmm0, (%rdi)
    movups  %xmm0, 16(%rdi)
    movups  %xmm0, 32(%rdi)
    movups  %xmm0, 48(%rdi)
    addq    $64, %rdi
    cmpq    %rcx, %rdi
    jb      .Lset_loop
    movups  %xmm0, (%rcx)
    movups  %xmm0, 16(%rcx)
    movups  %xmm0, 32(%rcx)
    movups  %xmm0, 48(%rcx)
    ret
.Lset_string:
    movq    %rdx, %rcx
    rep stosb
    ret
END_FUNCTION RhSpanHelpers_MemSet

    .section .note.GNU-stack, "", @progbits
