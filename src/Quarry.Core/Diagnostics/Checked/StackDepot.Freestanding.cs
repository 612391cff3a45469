using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Stacks in an image: the return addresses along the chain of frame pointers.</summary>
/// <remarks>
/// Compiled C# that calls anything has a frame pointer, and so have the .NET runtime and code compiled with
/// <c>-fno-omit-frame-pointer</c>; the stack ends where others begin. Taking one costs some nanoseconds a
/// frame, and a system call for each new page of the stack. Lock-free.
/// </remarks>
internal static unsafe partial class StackDepot
{
    private const nuint MaxFrameBytes = 1024 * 1024;
    private const int Buckets = 4096;
    private const uint ChunkSize = 64 * 1024;
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    private static nuint s_buckets;
    private static nuint s_chunk;

    /// <summary>The stack of the caller; 0 if the system has no memory to keep it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // its own frame is the one to begin with
    internal static nuint Capture(int frames)
    {
        nuint* addresses = stackalloc nuint[MaxFrames];
        int count = Walk(FramePointer(), addresses, frames);
        return (nuint)Intern(addresses, count);
    }

    /// <summary>The frames of a stack that was taken, innermost first.</summary>
    /// <param name="site">What <see cref="Capture"/> returned; not 0.</param>
    /// <param name="addresses">Where the return addresses are.</param>
    internal static int Frames(nuint site, out nuint* addresses)
    {
        Stack* stack = (Stack*)site;
        addresses = (nuint*)(stack + 1);
        return (int)stack->Count;
    }

    private static int Walk(nuint* frame, nuint* addresses, int limit)
    {
        int count = 0;
        nuint readable = Layout.AlignUp((nuint)frame, Os.PageSize);
        while (count < limit && IsReadable(frame, ref readable) && frame[1] != 0)
        {
            addresses[count++] = frame[1];
            nuint next = frame[0];
            bool outward = next > (nuint)frame && next - (nuint)frame <= MaxFrameBytes;
            if (!outward || next % (nuint)sizeof(nuint) != 0)
            {
                break;
            }

            frame = (nuint*)next;
        }

        return count;
    }

    // Code without frame pointers may leave anything in the register: ask before reading a page anew.
    private static bool IsReadable(nuint* frame, ref nuint readable)
    {
        nuint first = Layout.AlignDown((nuint)frame, Os.PageSize);
        nuint last = Layout.AlignDown((nuint)(frame + 2) - 1, Os.PageSize);
        if (last < readable)
        {
            return true;
        }

        readable = last + Os.PageSize;
        return LinuxOs.IsMapped((void*)first) && LinuxOs.IsMapped((void*)last);
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
        nuint head = Atomic.Read(ref bucket);
        Stack* known = Find((Stack*)head, hash, addresses, count);
        if (known != null)
        {
            return known;
        }

        Stack* stack = (Stack*)Carve((nuint)sizeof(Stack) + ((nuint)count * (nuint)sizeof(nuint)));
        if (stack == null)
        {
            return null;
        }

        stack->Hash = hash;
        stack->Count = (nuint)count;
        Memory.Copy(addresses, stack + 1, (nuint)count * (nuint)sizeof(nuint));
        do
        {
            // Two threads that keep the same stack at once keep it twice, which does no harm.
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

    private static void* Carve(nuint size)
    {
        for (; ; )
        {
            nuint chunk = Atomic.Read(ref s_chunk);
            nuint end = chunk == 0 ? ChunkSize + 1 : Atomic.Add(ref *(nuint*)chunk, size);
            if (end <= ChunkSize)
            {
                return (void*)(chunk + end - size);
            }

            nuint fresh = (nuint)Os.Map(ChunkSize);
            if (fresh == 0)
            {
                return null;
            }

            // The first word says how much of the chunk is used.
            *(nuint*)fresh = (nuint)sizeof(nuint);
            if (!Atomic.TryReplace(ref s_chunk, chunk, fresh))
            {
                Os.Unmap((void*)fresh, ChunkSize);
            }
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
}
