using System;

namespace Quarry;

/// <summary>Remembers which modules were reported, each by its address and identity.</summary>
internal unsafe struct KnownModules
{
    internal const nuint Bytes = Length * 16;

    private const int Log2Length = 10, Length = 1 << Log2Length, MaxProbes = 32;
    private const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The table; zeroed memory of <see cref="Bytes"/>.</summary>
    public Entry* Entries;

    /// <summary>
    /// Determines whether a module has not been reported, or another one was reported at its address since,
    /// and marks it as reported. If several threads call it at once, one of them receives true.
    /// </summary>
    /// <param name="start">The first address of the module.</param>
    /// <param name="buildId">The build ID; may be empty.</param>
    /// <param name="path">The path, zero-terminated, which identifies a module without build ID.</param>
    /// <param name="replaces">Whether another module was reported at the address before.</param>
    internal readonly bool IsNew(nuint start, ReadOnlySpan<byte> buildId, byte* path, out bool replaces)
    {
        nuint identity = Identity(buildId, path);
        nuint home = (nuint)((start * GoldenRatio) >> (64 - Log2Length));
        Entry* entry = &Entries[home];
        for (nuint probe = 0; probe < MaxProbes; probe++)
        {
            Entry* candidate = &Entries[(home + probe) % Length];
            if (Atomic.Read(ref candidate->Start) == start
                || Atomic.TryReplace(ref candidate->Start, 0, start)
                || Atomic.Read(ref candidate->Start) == start)
            {
                entry = candidate;
                break;
            }
        }

        // Entries are never removed. When all probed ones are taken, modules share the first one, and are
        // reported again when they take turns; the start is part of the identity for that case.
        identity = (identity ^ start) | 1;
        nuint before = Atomic.Read(ref entry->Identity);
        before = before == identity ? before : Atomic.Exchange(ref entry->Identity, identity);
        replaces = before != 0 && before != identity;
        return before != identity;
    }

    private static nuint Identity(ReadOnlySpan<byte> buildId, byte* path)
    {
        ulong hash = GoldenRatio;
        for (int index = 0; index < buildId.Length; index++)
        {
            hash = (hash ^ buildId[index]) * GoldenRatio;
        }

        for (; buildId.Length == 0 && *path != 0; path++)
        {
            hash = (hash ^ *path) * GoldenRatio;
        }

        return (nuint)(hash ^ (hash >> 32));
    }

    /// <summary>An entry; free if its address is 0.</summary>
    internal struct Entry
    {
        public nuint Start;
        public nuint Identity;
    }
}
