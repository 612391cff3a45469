namespace Quarry.Gc;

/// <summary>What is said, once, when the heap is full.</summary>
/// <remarks>
/// The program gets an <c>OutOfMemoryException</c>, which it may catch, or report without a word of why; in a
/// container the exit code alone looks like being killed for memory.
/// </remarks>
internal static unsafe class Exhaustion
{
    private static nuint s_reported;

    /// <summary>Whether it was said.</summary>
    internal static bool IsReported => Atomic.Read(ref s_reported) != 0;

    internal static void Report(nuint size)
    {
        if (Atomic.Exchange(ref s_reported, 1) != 0)
        {
            return;
        }

        TextBuffer text = new(stackalloc byte[512]);
        if (HeapMode.IsNull)
        {
            text.Append("quarry: memory allocation of "u8);
            text.Append(size);
            text.Append(" bytes failed\n"u8);
        }
        else
        {
            text.Append("quarry: the managed heap is full: "u8);
            text.Append(ManagedHeap.InUseBytes);
            text.Append(" bytes were allocated, "u8);
            text.Append(size);
            text.Append(" more were asked for, "u8);
            AppendCause(ref text);
            text.Append(" Nothing is ever freed on this heap: run the program on the stock collector\n"u8);
        }

        StandardError.Write(ref text);
    }

    private static void AppendCause(ref TextBuffer text)
    {
        if (Budget.LimitBytes != 0)
        {
            text.Append("and the limit is "u8);
            text.Append(Budget.LimitBytes);
            text.Append(" (DOTNET_GCHeapHardLimit, or the container's). Raise it if that is too low."u8);
        }
        else
        {
            text.Append("and the system has no more memory or address space."u8);
        }
    }
}
