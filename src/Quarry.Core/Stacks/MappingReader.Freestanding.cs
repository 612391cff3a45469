namespace Quarry;

/// <summary>Finds mappings of the process: by one query of the kernel, or by reading all of them.</summary>
/// <remarks>
/// <c>PROCMAP_QUERY</c> exists since Linux 6.11 and takes less than a microsecond;
/// <c>/proc/self/maps</c> takes 150 µs in a process of 600 mappings.
/// </remarks>
internal static unsafe class MappingReader
{
    /// <summary>The size of the memory for a path, in bytes; alternate stacks are small.</summary>
    internal const int PathBytes = 256;

    // The segments before the one that contains code: headers, other code, padding between them.
    private const int MaxSegments = 8;

    /// <summary>Finds the mapping that contains an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="path">Memory of <see cref="PathBytes"/> for the path of the mapped file.</param>
    /// <param name="mapping">The mapping.</param>
    /// <param name="imageStart">
    /// The address at which the same file is mapped from its start, in the mappings before; or else the start
    /// of the mapping.
    /// </param>
    /// <returns>False if there is none, or the mappings of the process cannot be read.</returns>
    internal static bool TryFind(nuint address, byte* path, out Mapping mapping, out nuint imageStart)
    {
        mapping = default;
        imageStart = 0;
        if (!OsSandbox.MayOpenFiles)
        {
            return false;
        }

        fixed (byte* name = "/proc/self/maps\0"u8)
        {
            nint descriptor = Os.Linux.OpenForReading(name);
            if (descriptor < 0)
            {
                return false;
            }

            bool found = TryQuery(descriptor, address, path, out mapping, out bool supported)
                && TryFindImage(descriptor, mapping, out imageStart);
            found = found || ((!supported || mapping.End != 0)
                && TrySearch(descriptor, address, path, out mapping, out imageStart));
            Os.Linux.Close(descriptor);
            return found;
        }
    }

    private static bool TryFindImage(nint descriptor, in Mapping mapping, out nuint imageStart)
    {
        Mapping first = mapping;
        for (int count = 0; count < MaxSegments && first.File != 0 && first.FileOffset != 0; count++)
        {
            if (!TryQuery(descriptor, first.Start - 1, null, out Mapping before, out _)
                || !before.HasSameFile(mapping))
            {
                break;
            }

            first = before;
        }

        imageStart = first.Start;
        return first.File == 0 || first.FileOffset == 0;
    }

    private static bool TryQuery(
        nint descriptor, nuint address, byte* path, out Mapping mapping, out bool supported)
    {
        MappingQuery query = new() { Size = (ulong)sizeof(MappingQuery), Address = address };
        if (path != null)
        {
            *path = 0;
            query.NameAddress = (ulong)path;
            query.NameSize = PathBytes;
        }

        nint result = Os.Linux.QueryMapping(descriptor, &query);
        mapping = result == 0 ? query.ToMapping(path) : default;
        supported = result is 0 or MappingQuery.NotMapped;
        return result == 0;
    }

    private static bool TrySearch(
        nint descriptor, nuint address, byte* path, out Mapping mapping, out nuint imageStart)
    {
        const int ChunkBytes = 512;
        byte* chunk = stackalloc byte[ChunkBytes];
        MapsParser parser = new(path, PathBytes);
        Mapping first = default;
        nint length;
        while ((length = Os.Linux.Read(descriptor, chunk, ChunkBytes)) > 0)
        {
            for (nint index = 0; index < length; index++)
            {
                if (!parser.Add(chunk[index]))
                {
                    continue;
                }

                mapping = parser.Mapping;
                first = mapping.FileOffset == 0 && mapping.File != 0 ? mapping : first;
                if (address >= mapping.Start && address < mapping.End)
                {
                    imageStart = first.File != 0 && first.HasSameFile(mapping) ? first.Start : mapping.Start;
                    return true;
                }
            }
        }

        mapping = default;
        imageStart = 0;
        return false;
    }
}
