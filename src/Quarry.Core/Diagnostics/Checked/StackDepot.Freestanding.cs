using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Stacks in a native image: the return addresses along the chain of frame pointers.</summary>
/// <remarks>
/// Compiled C# that calls other methods has a frame pointer, as do the .NET runtime and code compiled with
/// <c>-fno-omit-frame-pointer</c>; the stack ends at the first frame of other code. Capturing takes a few
/// nanoseconds per frame, and two system calls for each page of the stack after the first. Lock-free.
/// </remarks>
internal static unsafe partial class StackDepot
{
    private const int Buckets = 4096;
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    private static nuint s_buckets;
    private static ChunkBump s_kept;

    /// <summary>Captures the stack of the caller; returns 0 if the system is out of memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // the walk begins with the frame of this method
    internal static nuint Capture(int frames)
    {
        nuint* addresses = stackalloc nuint[MaxFrames];
        int count = FrameChain.Walk(FramePointer(), addresses, frames);
        return (nuint)Intern(addresses, count);
    }

    /// <summary>Returns the frames of a captured stack, innermost first.</summary>
    /// <param name="site">The value that <see cref="Capture"/> returned; not 0.</param>
    /// <param name="addresses">The return addresses.</param>
    internal static int Frames(nuint site, out nuint* addresses)
    {
        Stack* stack = (Stack*)site;
        addresses = (nuint*)(stack + 1);
        return (int)stack->Count;
    }

    private static Stack* Intern(nuint* addresses, int count)
    {
        nuint* buckets = EnsureBuckets();
        if (buckets == null)
        {
            return null;
        }

        ulong hash = (ulong)count;
        for (int index = 0; index < count; index++)
        {
            hash = (hash ^ addresses[index]) * GoldenRatio;
        }

        ref nuint bucket = ref buckets[(hash >> 32) % Buckets];

        // An acquire: the stacks in the list were complete when the head was exchanged.
        nuint head = Atomic.Read(ref bucket);
        Stack* known = Find((Stack*)head, hash, addresses, count);
        if (known != null)
        {
            return known;
        }

        nuint bytes = (nuint)sizeof(Stack) + ((nuint)count * (nuint)sizeof(nuint));
        Stack* stack = (Stack*)AllocateFromChunk(bytes);
        if (stack == null)
        {
            return null;
        }

        stack->Hash = hash;
        stack->Count = (nuint)count;
        Memory.Copy(addresses, stack + 1, (nuint)count * (nuint)sizeof(nuint));

        // The exchange is a full fence, and publishes the stack, which is never changed or freed afterwards.
        // Two threads that store the same stack at once store it twice, which is harmless.
        do
        {
            head = Atomic.Read(ref bucket);
            stack->Next = (Stack*)head;
        }
        while (!Atomic.TryReplace(ref bucket, head, (nuint)stack));

        return stack;
    }

    private static Stack* Find(Stack* stack, ulong hash, nuint* addresses, int count)
    {
        while (stack != null && !(stack->Hash == hash && IsSame(stack, addresses, count)))
        {
            stack = stack->Next;
        }

        return stack;
    }

    private static bool IsSame(Stack* stack, nuint* addresses, int count)
    {
        nuint* known = (nuint*)(stack + 1);
        bool same = stack->Count == (nuint)count;
        for (int index = 0; same && index < count; index++)
        {
            same = known[index] == addresses[index];
        }

        return same;
    }

    private static nuint* EnsureBuckets()
    {
        nuint buckets = Atomic.Read(ref s_buckets);
        if (buckets != 0)
        {
            return (nuint*)buckets;
        }

        nuint bytes = Buckets * (nuint)sizeof(nuint);
        nuint fresh = (nuint)Os.Map(bytes);
        if (fresh != 0 && !Atomic.TryReplace(ref s_buckets, 0, fresh))
        {
            Os.Unmap((void*)fresh, bytes);
        }

        return (nuint*)Atomic.Read(ref s_buckets);
    }

    private static void* AllocateFromChunk(nuint size)
    {
        fixed (ChunkBump* kept = &s_kept)
        {
            return ChunkBump.Allocate(kept, default(Chunks), size);
        }
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_frame_pointer")]
    private static extern nuint* FramePointer();

    private struct Stack
    {
        public Stack* Next;
        public ulong Hash;
        public nuint Count;
    }

    /// <summary>Chunks of 64 KiB.</summary>
    private readonly struct Chunks : IChunkSource
    {
        private const uint ChunkSize = 64 << 10;

        public void* Allocate(nuint minBytes, out nuint bytes)
        {
            bytes = ChunkSize;
            return Os.Map(ChunkSize);
        }

        public void Free(void* chunk, nuint bytes) => Os.Unmap(chunk, bytes);
    }
}
