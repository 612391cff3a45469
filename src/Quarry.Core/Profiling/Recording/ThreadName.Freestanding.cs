namespace Quarry;

/// <summary>Reads the names of threads.</summary>
internal static unsafe class ThreadName
{
    /// <summary>The size of a buffer for a name.</summary>
    internal const int Capacity = 16;

    private const int LongestPath = 64;

    /// <summary>
    /// Reads the name of the calling thread, without opening a file, which a sandbox may forbid; returns its
    /// length.
    /// </summary>
    internal static int ReadOwn(byte* name)
    {
        int length = 0;
        for (bool read = Os.Linux.TryGetThreadName(name); read && length < Capacity && name[length] != 0;)
        {
            length++;
        }

        return length;
    }

    /// <summary>Reads the name of a thread; returns its length, 0 if it cannot be read.</summary>
    internal static int Read(int threadId, byte* name)
    {
        TextBuffer path = new(stackalloc byte[LongestPath]);
        path.Append("/proc/self/task/"u8);
        path.Append((nuint)threadId);
        path.Append("/comm\0"u8);
        int length = (int)OsFile.Read(path.Text, name, Capacity);

        // The file ends with a line feed.
        return length > 0 && name[length - 1] == '\n' ? length - 1 : length;
    }
}
