using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Tools.Elf;

namespace Quarry.Tools.Allocators;

/// <summary>The allocators this machine has.</summary>
internal static class AllocatorCatalog
{
    private const string QuarryLibrary = "libquarry.so";

    /// <summary>
    /// Every allocator found: ours, the system's, then the known ones in the order of
    /// <see cref="KnownAllocator.All"/>.
    /// </summary>
    internal static List<Allocator> FindAll()
    {
        List<string> libraries = [.. LibraryFolders.Libraries()];
        List<Allocator> found = FindQuarry() is { } quarry ? [quarry] : [];
        found.Add(new Allocator(Allocator.Libc, Library: null));
        found.AddRange(KnownAllocator.All.Select(k => Find(k, libraries)).OfType<Allocator>());
        return found;
    }

    /// <summary>
    /// The allocator that a user names, or the library that a user points to: by its path, or as NAME=PATH,
    /// because builds of several versions have the same file name.
    /// </summary>
    internal static Allocator Resolve(string nameOrPath)
    {
        int separator = nameOrPath.IndexOf('=', StringComparison.Ordinal);
        if (separator > 0 && !nameOrPath.AsSpan(0, separator).Contains('/'))
        {
            return FromPath(nameOrPath[(separator + 1)..]) with { Name = nameOrPath[..separator] };
        }

        if (nameOrPath.Contains('/', StringComparison.Ordinal) ||
            nameOrPath.EndsWith(".so", StringComparison.Ordinal))
        {
            return FromPath(nameOrPath);
        }

        Allocator? found = nameOrPath switch
        {
            Allocator.Quarry => new Allocator(Allocator.Quarry, NativeFolder.Get(QuarryLibrary)),
            Allocator.Libc or "system" => new Allocator(Allocator.Libc, Library: null),
            _ => KnownAllocator.All.FirstOrDefault(k => k.Name == nameOrPath) is { } known
                ? Find(known, LibraryFolders.Libraries())
                : null,
        };
        return found ?? throw new QuarryException(
            $"allocator '{nameOrPath}' was not found; this machine has: " +
            string.Join(", ", FindAll().Select(a => a.Name)));
    }

    internal static Allocator? FindQuarry() =>
        NativeFolder.Find(QuarryLibrary) is { } library ? new Allocator(Allocator.Quarry, library) : null;

    private static Allocator? Find(KnownAllocator known, IEnumerable<string> libraries)
    {
        string? best = libraries
            .Select(path => (Path: path, Rank: known.Rank(Path.GetFileName(path))))
            .Where(l => l.Rank >= 0)
            .OrderBy(l => l.Rank)
            .Select(l => l.Path)
            .FirstOrDefault(path => ElfFile.Read(path) is { IsNative: true });
        return best is null ? null : new Allocator(known.Name, best);
    }

    private static bool ExportsMalloc(string library)
    {
        using ElfImage? image = ElfImage.TryOpen(library);
        return image?.Symbols(".dynsym").Any(
            symbol => symbol.Name == "malloc" && symbol.PointedSectionIndex != 0) ?? false;
    }

    private static Allocator FromPath(string path)
    {
        string library = Path.GetFullPath(path);
        if (ElfFile.Read(library) is not { IsNative: true })
        {
            throw new QuarryException(File.Exists(library)
                ? $"{path}: is not a library for this machine (64-bit ELF, x86-64)"
                : $"{path}: no such allocator library");
        }

        if (!ExportsMalloc(library))
        {
            throw new QuarryException($"{path}: does not export malloc, so programs would not use it");
        }

        return new Allocator(Path.GetFileName(library), library);
    }
}
