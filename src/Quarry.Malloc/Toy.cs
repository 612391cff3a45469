using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry.Malloc;

internal unsafe struct ThreadHeap
{
    public void* Free16;
    public byte* Next;
    public byte* End;
}

/// <summary>A toy that shows the pipeline: bumps through mapped memory, reuses only the smallest blocks.</summary>
internal static unsafe class Toy
{
    private const nuint Chunk = 1 << 26;
    private const int ENOMEM = 12;

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_syscall")]
    private static extern nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_thread_set")]
    private static extern void SetThread(void* word);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak___errno_location")]
    private static extern void* ErrnoLocation();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_call0")]
    private static extern void* Call(void* function);

    [RuntimeExport("quarry_malloc")]
    internal static void* Malloc(nuint size, ThreadHeap* thread)
    {
        void* block = thread->Free16;
        if (block == null || size > 16)
        {
            return MallocSlow(size, thread);
        }

        thread->Free16 = *(void**)block;
        return block;
    }

    [RuntimeExport("quarry_free")]
    internal static void Free(void* block, ThreadHeap* thread)
    {
        if (block == null)
        {
            return;
        }

        if (((nuint*)block)[-2] != 16)
        {
            return;
        }

        *(void**)block = thread->Free16;
        thread->Free16 = block;
    }

    [RuntimeExport("quarry_calloc")]
    internal static void* Calloc(nuint count, nuint size, ThreadHeap* thread)
    {
        nuint bytes = count * size;
        void* block = Malloc(bytes, thread);
        if (block != null)
        {
            NativeMemory.Clear(block, bytes);
        }

        return block;
    }

    [RuntimeExport("quarry_realloc")]
    internal static void* Realloc(void* old, nuint size, ThreadHeap* thread)
    {
        void* block = Malloc(size, thread);
        if (old != null && block != null)
        {
            nuint oldSize = ((nuint*)old)[-2];
            NativeMemory.Copy(old, block, oldSize < size ? oldSize : size);
            Free(old, thread);
        }

        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* MallocSlow(nuint size, ThreadHeap* thread)
    {
        size = (size + 15) & ~(nuint)15;
        if (size == 0)
        {
            size = 16;
        }

        if ((nuint)(thread->End - thread->Next) < size + 16)
        {
            nuint chunk = size + 4096 > Chunk ? size + 4096 : Chunk;
            byte* memory = (byte*)SystemCall(9, 0, (nint)chunk, 3, 0x22, -1, 0);
            if ((nint)memory < 0)
            {
                void* errno = ErrnoLocation();
                if (errno != null)
                {
                    *(int*)Call(errno) = ENOMEM;
                }

                return null;
            }

            thread = (ThreadHeap*)memory;
            thread->Next = memory + 64;
            thread->End = memory + chunk;
            SetThread(thread);
        }

        nuint* header = (nuint*)thread->Next;
        header[0] = size;
        thread->Next += size + 16;
        return header + 2;
    }
}
