namespace Quarry;

/// <summary>Files that are written through a shared mapping, by system calls.</summary>
internal static unsafe class OsFileMapping
{
    /// <summary>The error number if the kernel cannot allocate a page of a mapping.</summary>
    internal const nint BadAddress = -14;

    private const int ReadWrite = 2, CreateNew = 0x40, Exclusive = 0x80, CloseOnExec = 0x80000;
    private const int OwnerReadsAndWrites = 0x180; // 0600

    /// <summary>Creates a file for its owner only, unless there is a file or a link of that name.</summary>
    /// <returns>The descriptor, or the negated error number.</returns>
    internal static nint Create(byte* path) => Os.Linux.Open(
        path, ReadWrite | CreateNew | Exclusive | Os.Linux.NoFollow | CloseOnExec, OwnerReadsAndWrites);

    /// <summary>Gets the largest size of a file that does not raise SIGXFSZ.</summary>
    internal static nuint MaxFileSize() => Os.Linux.FileSizeLimit();

    /// <summary>Sets the size of a file; returns 0 or the negated error number.</summary>
    internal static nint Resize(nint descriptor, nuint bytes) => Os.Linux.SetFileSize(descriptor, bytes);

    /// <summary>Allocates the blocks of a file; returns 0 or the negated error number.</summary>
    internal static nint Allocate(nint descriptor, nuint bytes) => Os.Linux.AllocateFile(descriptor, bytes);

    /// <summary>Maps a file, shared and inaccessible; null if there is no address space.</summary>
    internal static void* Map(nint descriptor, nuint bytes) => Os.Linux.MapShared(descriptor, bytes);

    /// <summary>Allocates the pages of a writable mapping; returns 0 or the negated error number.</summary>
    internal static nint Populate(void* start, nuint bytes) => Os.Linux.Populate(start, bytes);

    /// <summary>Gets the identity of an open file.</summary>
    internal static OsFileIdentity Identity(nint descriptor) => Os.Linux.Identity(descriptor);

    /// <summary>Truncates a file, if it is still at its path.</summary>
    internal static void TryTruncate(byte* path, in OsFileIdentity identity, nuint bytes)
    {
        nint descriptor = Os.Linux.Open(path, ReadWrite | Os.Linux.NoFollow | CloseOnExec, 0);
        if (descriptor < 0)
        {
            return;
        }

        OsFileIdentity found = Identity(descriptor);
        if (found.Device == identity.Device && found.File == identity.File)
        {
            _ = Resize(descriptor, bytes);
        }

        Os.Linux.Close(descriptor);
    }
}
