using System.Threading;

namespace Quarry;

/// <summary>
/// The profile file of this process: a shared mapping, to which records are appended. Or private memory of
/// the same contents, from which dumps are written.
/// </summary>
/// <remarks>
/// <para>
/// The file gets its full size when it is created, without memory behind it, because the descriptor is closed
/// then. The mapping is inaccessible at first, so that a program that locks its memory does not fill the
/// disk. Before the process writes behind <see cref="_backed"/>, the kernel allocates the next pages: on a
/// full disk that request fails, whereas a write to a page without a block would end the process with SIGBUS.
/// Kernels before 5.14 lack the request, so a smaller file is allocated at once.
/// </para>
/// <para>The caller holds the <see cref="SiteLock"/>.</para>
/// </remarks>
internal unsafe struct ProfileFile
{
    /// <summary>The error number if a file of that name exists.</summary>
    internal const nint Exists = -17;

    /// <summary>The error number if the disk is full.</summary>
    internal const nint NoSpace = -28;

    private const nint Invalid = -22, FileTooBig = -27, OutOfMemory = -12;

    /// <summary>The smallest size of a file.</summary>
    internal const nuint MinBytes = 256 * 1024;

    // A page costs about six microseconds, most of it in the file system. The first records need less than
    // one step; the rest of the last one is truncated at exit.
    private const nuint Step = 64 * 1024;

    // The size of a file that is allocated at once.
    private const nuint FixedBytes = 16 * 1024 * 1024;

    // Leaves address space to a process under a limit.
    private const nuint AddressSpaceShare = 16;

    private ProfileHeader* _header;
    private nuint _mapped;
    private nuint _backed;
    private OsFileIdentity _identity;
    private bool _closed;
    private bool _isPrivate;

    /// <summary>The header; null if there is no file.</summary>
    internal readonly ProfileHeader* Header => _header;

    /// <summary>Creates the file.</summary>
    /// <param name="path">The zero-terminated path.</param>
    /// <param name="maxBytes">The most bytes that the file may use.</param>
    /// <returns>0, or the negated error number; <see cref="Exists"/> if there is such a file.</returns>
    internal nint Create(byte* path, nuint maxBytes)
    {
        nuint most = OsFileMapping.MaxFileSize();
        nuint share = Os.AddressSpaceLimit() / AddressSpaceShare;
        most = most < share ? most : share;
        nuint bytes = Layout.AlignDown(maxBytes < most ? maxBytes : most, Step);
        if (bytes < MinBytes)
        {
            return FileTooBig;
        }

        nint descriptor = OsFileMapping.Create(path);
        if (descriptor < 0)
        {
            return descriptor;
        }

        nint error = Map(descriptor, bytes);
        _identity = OsFileMapping.Identity(descriptor);
        Os.Linux.Close(descriptor);
        if (error != 0)
        {
            OsFile.Delete(path);
            Unmap();
            return error;
        }

        Begin();
        return 0;
    }

    /// <summary>Maps private memory instead of a file; returns false if there is none.</summary>
    /// <param name="maxBytes">The most bytes that may be used.</param>
    internal bool TryMapPrivate(nuint maxBytes)
    {
        _isPrivate = true;
        nuint share = Os.AddressSpaceLimit() / AddressSpaceShare;
        nuint bytes = Layout.AlignDown(maxBytes < share ? maxBytes : share, Step);
        _header = bytes == 0 ? null : (ProfileHeader*)Os.Linux.Reserve(bytes);
        _mapped = bytes;
        if (_header == null || Back(Step) != 0)
        {
            Unmap();
            return false;
        }

        Begin();
        return true;
    }

    /// <summary>Begins a record; null if there is no room. Nothing is appended before the end.</summary>
    /// <param name="bytes">The size of the contents, which are zero.</param>
    internal void* BeginRecord(nuint bytes)
    {
        nuint start = (nuint)_header->End;
        nuint size = RecordBytes(bytes);
        if (!TryBack(start + size))
        {
            return null;
        }

        // A thread may have been killed while it wrote a record here.
        ProfileRecord* record = (ProfileRecord*)((byte*)_header + start);
        Memory.Clear(record, size);
        return record + 1;
    }

    /// <summary>Appends the record whose contents were written.</summary>
    /// <param name="contents">The result of <see cref="BeginRecord"/>.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="bytes">The size that was passed to it.</param>
    /// <param name="time">The time, relative to the start.</param>
    internal readonly void EndRecord(void* contents, ProfileRecordKind kind, nuint bytes, ulong time)
    {
        ProfileRecord* record = (ProfileRecord*)contents - 1;
        record->Size = (uint)RecordBytes(bytes);
        record->Time = time;

        // In this order for SiteEnumerator, and for readers of a process that runs or was killed here: a kind
        // implies the contents, and the end implies the kind.
        Volatile.Write(ref *(uint*)&record->Kind, (uint)kind);
        Volatile.Write(ref _header->End, _header->End + record->Size);
    }

    /// <summary>Returns the offset of an address in the file.</summary>
    internal readonly ulong OffsetOf(void* address) => (ulong)((byte*)address - (byte*)_header);

    /// <summary>Truncates the file to the bytes in use. Later records find no room.</summary>
    /// <param name="path">The path at which the file was created. Another file there is left alone.</param>
    internal void Close(byte* path)
    {
        _closed = true;
        _header->MaxBytes = _header->End;
        OsFileMapping.TryTruncate(path, _identity, (nuint)_header->End);
    }

    /// <summary>Unmaps the file, in a child that inherited the mapping.</summary>
    internal void Unmap()
    {
        if (_header != null)
        {
            Os.Unmap(_header, _mapped);
        }

        this = default;
    }

    private readonly void Begin()
    {
        _header->MaxBytes = _mapped;
        _header->End = ProfileHeader.Bytes;
        _header->HeaderSize = ProfileHeader.Bytes;
        _header->Version = ProfileHeader.CurrentVersion;
    }

    private nint Map(nint descriptor, nuint bytes)
    {
        nint error = OsFileMapping.Resize(descriptor, bytes);
        for (nuint size = bytes; error == 0 && _header == null; size = Layout.AlignDown(size / 2, Step))
        {
            error = size == 0 ? OutOfMemory : 0;
            _header = size == 0 ? null : (ProfileHeader*)OsFileMapping.Map(descriptor, size);
            _mapped = size;
        }

        error = error != 0 ? error : Back(Step);
        if (error == Invalid)
        {
            // The whole file, because there is no descriptor later.
            nuint fixedBytes = _mapped < FixedBytes ? _mapped : FixedBytes;
            error = OsFileMapping.Allocate(descriptor, fixedBytes);
            error = error != 0 || Os.MakeWritable(_header, fixedBytes) ? error : OutOfMemory;
            if (error == 0)
            {
                Os.Unmap((byte*)_header + fixedBytes, _mapped - fixedBytes);
                _mapped = fixedBytes;
                _backed = fixedBytes;
            }
        }

        // The file system reports a full disk to page faults as a bad address.
        return error == OsFileMapping.BadAddress ? NoSpace : error;
    }

    private bool TryBack(nuint end)
    {
        if (end <= _backed)
        {
            return !_closed;
        }

        nuint step = Layout.AlignUp(end - _backed, Step);
        return !_closed && _backed + step <= _mapped && Back(step) == 0;
    }

    private nint Back(nuint bytes)
    {
        byte* start = (byte*)_header + _backed;
        if (!Os.MakeWritable(start, bytes))
        {
            return OutOfMemory;
        }

        nint error = _isPrivate ? 0 : OsFileMapping.Populate(start, bytes);
        _backed += error == 0 ? bytes : 0;
        return error;
    }

    private static nuint RecordBytes(nuint bytes) =>
        Layout.AlignUp((nuint)sizeof(ProfileRecord) + bytes, 16);
}
