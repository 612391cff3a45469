namespace Quarry.Gc;

/// <summary>The message that the heap is full, written once.</summary>
/// <remarks>
/// The program receives an <c>OutOfMemoryException</c>, which it may catch, or report without the cause.
/// </remarks>
internal static unsafe class OutOfMemoryReport
{
    private static nuint s_isWritten;

    internal static bool IsWritten => Atomic.Read(ref s_isWritten) != 0;

    /// <summary>Writes the message, unless it was written before.</summary>
    /// <param name="size">The number of bytes that were requested.</param>
    internal static void Write(nuint size)
    {
        // Requests of several threads may fail at once; only one of them writes.
        if (Atomic.Exchange(ref s_isWritten, 1) != 0)
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
            text.Append(" bytes are allocated, "u8);
            text.Append(size);
            text.Append(" more were requested, "u8);
            AppendCause(ref text);
            text.Append(HeapMode.IsCollecting
                ? "\n"u8
                : " This heap never frees memory; the stock collector does\n"u8);
        }

        StandardError.Write(ref text);
    }

    private static void AppendCause(ref TextBuffer text)
    {
        nuint limit = HeapLimit.Bytes;
        if (limit != 0)
        {
            text.Append("and the limit is "u8);
            text.Append(limit);
            text.Append(". Raise DOTNET_GCHeapHardLimit or the container's limit."u8);
        }
        else
        {
            text.Append("and the system has no more memory or address space."u8);
        }
    }
}
