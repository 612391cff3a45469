namespace Quarry;

/// <content>In an image: by the C library of the process and the kernel.</content>
internal unsafe partial struct ModuleMap
{
    /// <inheritdoc cref="StackWalker.TryDescribe"/>
    internal bool TryDescribe(nuint address, byte* buffer, out StackModule module)
    {
        module = default;
        if (!TryFind(address, out LoadedModule found, out _) || !found.IsElf)
        {
            return false;
        }

        byte* path = buffer;
        *path = 0;
        FoundObject shared = default;
        if (_options.FindObject == null)
        {
            _ = MappingReader.TryFind(address, path, out _, out _);
        }
        else if (CallFindObject(address, &shared) == 0 && shared.Link->Path != null)
        {
            path = shared.Link->Path;
        }

        if (*path == 0)
        {
            // The program itself.
            nuint length = Os.ExecutablePath(path = buffer, MappingReader.PathBytes - 1);
            path[length] = 0;
        }

        module = new StackModule
        {
            Path = path,
            Start = found.Start,
            End = found.End,
            LoadBias = found.LoadBias,
        };
        return true;
    }

    private readonly int CallFindObject(nuint address, FoundObject* found) =>
        (int)NativeCall.Invoke(_options.FindObject, (nint)address, (nint)found);

    /// <summary>Finds code that belongs to no module, such as that of a JIT compiler.</summary>
    private bool TryFindOutsideOfModules(nuint address, out LoadedModule module)
    {
        if (!TryFindInRanges(address, out module))
        {
            byte* path = stackalloc byte[MappingReader.PathBytes];
            if (!MappingReader.TryFind(address, path, out Mapping mapping, out _) || !mapping.IsExecutable)
            {
                return false;
            }

            _ranges.Add(mapping.Start, mapping.End);
            module = LoadedModule.OfMapping(mapping.Start, mapping.End);
        }

        return true;
    }

    /// <summary>Finds a module whose headers are not in the same range as the address.</summary>
    private bool TryFindWithGaps(nuint address, out LoadedModule module)
    {
        module = default;
        if (!_ranges.TryFind(address, out nuint start, out _))
        {
            byte* path = stackalloc byte[MappingReader.PathBytes];
            if (!MappingReader.TryFind(address, path, out Mapping mapping, out start))
            {
                return false;
            }

            _ranges.Add(start, mapping.End);
        }

        return Os.IsReadable((void*)start) && LoadedModule.TryRead(start, 0, address, out module);
    }

    /// <summary>Finds any code, where there is no function of the C library for it.</summary>
    private bool TryFindInMappings(nuint address, out LoadedModule module, ref bool replaced)
    {
        byte* path = stackalloc byte[MappingReader.PathBytes];
        if (!MappingReader.TryFind(address, path, out Mapping mapping, out nuint start)
            || !mapping.IsExecutable)
        {
            module = default;
            return false;
        }

        if (Os.IsReadable((void*)start) && LoadedModule.TryRead(start, 0, address, out module)
            && IsMapped(module))
        {
            replaced = Report(module, path);
        }
        else
        {
            module = LoadedModule.OfMapping(mapping.Start, mapping.End);
        }

        return true;
    }

    /// <summary>
    /// Determines whether the tables of an image are mapped where its headers place them: the file may be
    /// mapped for another purpose.
    /// </summary>
    private static bool IsMapped(in LoadedModule module) =>
        !module.TryFindTableSegment(out _, out nuint start, out nuint end)
        || (Os.IsReadable((void*)start) && Os.IsReadable((void*)(Layout.AlignDown(end, sizeof(ulong)) - 8)));

    private readonly bool TryFindInRanges(nuint address, out LoadedModule module)
    {
        bool found = _ranges.TryFind(address, out nuint start, out nuint end)
            && Os.IsReadable((void*)Layout.AlignDown(address, sizeof(ulong)));
        module = LoadedModule.OfMapping(start, end);
        return found;
    }
}
