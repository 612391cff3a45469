using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>
/// The C++ operators new and delete; the assembly file maps their twenty names to these methods, <c>free</c>
/// and <c>free_sized</c>.
/// </summary>
/// <remarks>
/// A new operator that fails calls
/// the program's new-handler until it succeeds or no handler is installed, then throws. A nothrow new that
/// fails calls the operator of the C++ library, which calls the throwing operator and catches the exception;
/// C# without a runtime cannot catch exceptions.
/// </remarks>
internal static unsafe class Operators
{
    [RuntimeExport("quarry_new")]
    internal static void* New(nuint size, void* thread) =>
        ProcessAllocator.AllocateOr<ThrowingAllocation>(size, thread);

    [RuntimeExport("quarry_new_nothrow")]
    internal static void* NewNoThrow(nuint size, void* tag, void* thread)
    {
        void* block = ProcessAllocator.Allocate(size, thread);
        void* original = block != null ? null : LibC.Next("_ZnwmRKSt9nothrow_t\0"u8);
        return original == null ? block : (void*)NativeCall.Invoke(original, (nint)size, (nint)tag);
    }

    [RuntimeExport("quarry_new_aligned")]
    internal static void* NewAligned(nuint size, nuint alignment, void* thread)
    {
        void* block = ProcessAllocator.AllocateAligned(size, alignment, thread);
        return block != null ? block : NewSlow(size, alignment);
    }

    [RuntimeExport("quarry_new_aligned_nothrow")]
    internal static void* NewAlignedNoThrow(nuint size, nuint alignment, void* tag, void* thread)
    {
        void* block = ProcessAllocator.AllocateAligned(size, alignment, thread);
        void* original = block != null ? null : LibC.Next("_ZnwmSt11align_val_tRKSt9nothrow_t\0"u8);
        return original == null
            ? block
            : (void*)NativeCall.Invoke(original, (nint)size, (nint)alignment, (nint)tag);
    }

    [RuntimeExport("quarry_delete_aligned")]
    internal static void DeleteAligned(void* block, nuint alignment, void* thread) =>
        ProcessAllocator.FreeSized(block, FreeRequest.Unsaid, alignment, thread);

    [RuntimeExport("quarry_delete_sized_aligned")]
    internal static void DeleteSizedAligned(void* block, nuint size, nuint alignment, void* thread) =>
        ProcessAllocator.FreeSized(block, size, alignment, thread);

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void* AllocateOrThrow(nuint size, void* thread)
    {
        void* block = ProcessAllocator.Allocate(size, thread);
        return block != null ? block : NewSlow(size, Block.MinSize);
    }

    private static void* NewSlow(nuint size, nuint alignment)
    {
        while (LibC.GetNewHandler() != null)
        {
            void* handler = (void*)NativeCall.Invoke(LibC.GetNewHandler());
            if (handler == null)
            {
                break;
            }

            // The handler may free memory. It may also throw; the exception then passes through this frame.
            _ = NativeCall.Invoke(handler);
            void* block = ProcessAllocator.AllocateAligned(size, alignment, ThreadWord.ProcessHeap);
            if (block != null)
            {
                return block;
            }
        }

        if (LibC.ThrowBadAlloc() != null)
        {
            _ = NativeCall.Invoke(LibC.ThrowBadAlloc());
        }

        AbortWithMessage(size);
        return null;
    }

    private static void AbortWithMessage(nuint size)
    {
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("quarry: operator new: cannot allocate "u8);
        text.Append(size);
        text.Append(" bytes, and no C++ library is loaded to throw std::bad_alloc; aborting\n"u8);
        StandardError.Write(ref text);
        Os.Abort();
    }
}
