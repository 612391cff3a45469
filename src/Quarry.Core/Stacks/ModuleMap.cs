using System;

namespace Quarry;

/// <summary>Finds the code that contains an address, and reports modules at their first sight.</summary>
internal unsafe partial struct ModuleMap
{
    internal const nuint Bytes = KnownModules.Bytes + CodeRanges.Bytes;

    private StackWalkerOptions _options;
    private KnownModules _known;
    private CodeRanges _ranges;

    /// <summary>Sets the memory: zeroed, of <see cref="Bytes"/>.</summary>
    internal void Initialize(byte* memory, StackWalkerOptions options)
    {
        _options = options;
        _known.Entries = (KnownModules.Entry*)memory;
        _ranges.Ranges = (ulong*)(memory + KnownModules.Bytes);
    }

    /// <summary>Finds the code that contains an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="module">The code.</param>
    /// <param name="replaced">
    /// Whether another module was at the same place before, whose rules must be forgotten.
    /// </param>
    /// <returns>False if the address is not in code.</returns>
    internal bool TryFind(nuint address, out LoadedModule module, out bool replaced)
    {
        replaced = false;
        if (_options.FindObject == null)
        {
            return TryFindInMappings(address, out module, ref replaced);
        }

        FoundObject found = default;
        if (CallFindObject(address, &found) != 0)
        {
            return TryFindOutsideOfModules(address, out module);
        }

        // Of a program with gaps between its segments, the C library reports single segments.
        if (!LoadedModule.TryRead(found.Start, found.End, address, out module)
            && !TryFindWithGaps(address, out module))
        {
            return false;
        }

        replaced = Report(module, found.Link->Path);
        return true;
    }

    /// <summary>Reports a module unless it is known.</summary>
    /// <returns>True if another module was at its place before.</returns>
    private readonly bool Report(in LoadedModule module, byte* path)
    {
        byte none = 0;
        path = path == null ? &none : path;
        ReadOnlySpan<byte> buildId = module.FindBuildId();
        if (!_known.IsNew(module.Start, buildId, path, out bool replaces) || _options.OnModule == null)
        {
            return replaces;
        }

        fixed (byte* bytes = buildId)
        {
            StackModule reported = new()
            {
                Path = path,
                Start = module.Start,
                End = module.End,
                LoadBias = module.LoadBias,
                BuildId = buildId.Length == 0 ? null : bytes,
                BuildIdLength = buildId.Length,
            };
            _options.OnModule(_options.Context, &reported);
        }

        return replaces;
    }

    /// <summary>glibc's <c>struct dl_find_object</c>.</summary>
    internal struct FoundObject
    {
        public ulong Flags;
        public nuint Start;
        public nuint End;
        public LinkMap* Link;
        public void* EhFrameHeader;
        public fixed ulong Reserved[7];
    }

    /// <summary>The first fields of <c>struct link_map</c>.</summary>
    internal struct LinkMap
    {
        public nuint LoadBias { get; init; }

        public byte* Path { get; init; }
    }
}
