using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Names;

/// <summary>Names the addresses in the stacks of a profile.</summary>
/// <param name="file">The profile.</param>
/// <param name="managed">The methods of the process, if it is a .NET process.</param>
/// <param name="root">The root folder of the process, such as <c>/proc/PID/root</c>; or "".</param>
internal sealed class NameResolver(ProfileFile file, ManagedCode managed, string root = "")
{
    private readonly Symbolizer? _symbolizer = Symbolizer.Find();
    private readonly Dictionary<ulong, IReadOnlyList<Frame>> _frames = [];

    /// <summary>Names the addresses in the stacks of sites.</summary>
    /// <param name="sites">The sites, of this profile.</param>
    /// <param name="step">Is called before each module with its name.</param>
    /// <returns>The frames by address, the return address minus 1; innermost first.</returns>
    internal Dictionary<ulong, IReadOnlyList<Frame>> Resolve(
        IEnumerable<RecordedSite> sites, Action<string> step)
    {
        Dictionary<ulong, TimeSpan> rest = [];
        foreach ((ulong address, TimeSpan time) in Addresses(sites))
        {
            if (managed.Find(address) is { } method)
            {
                _frames[address] = [managed.Name(method, address)];
            }
            else
            {
                rest[address] = time;
            }
        }

        foreach (IGrouping<RecordedModule?, ulong> group in
            rest.GroupBy(pair => file.FindModule(pair.Key, pair.Value), pair => pair.Key))
        {
            if (group.Key is { } module)
            {
                step(Path.GetFileName(module.Path));
                NameNative(module, [.. group]);
            }
            else
            {
                NameUnmapped(group);
            }
        }

        return _frames;
    }

    private static Dictionary<ulong, TimeSpan> Addresses(IEnumerable<RecordedSite> sites)
    {
        Dictionary<ulong, TimeSpan> addresses = [];
        foreach (RecordedSite site in sites)
        {
            foreach (ulong address in site.Stack.ReturnAddresses)
            {
                _ = addresses.TryAdd(address - 1, site.Stack.Time);
            }
        }

        return addresses;
    }

    private void NameNative(RecordedModule module, ulong[] addresses)
    {
        NativeNames names = new(_symbolizer, root);
        foreach ((ulong address, IReadOnlyList<Frame> frames) in names.Find(module, Kind(module), addresses))
        {
            _frames[address] = frames;
        }
    }

    /// <summary>Code that was generated at run time. In .NET processes, stubs are left.</summary>
    private void NameUnmapped(IEnumerable<ulong> addresses)
    {
        foreach (ulong address in addresses)
        {
            // Generated code has no function boundaries to see; a page at least groups neighbors.
            const ulong PageMask = ~0xFFFUL;
            _frames[address] = managed.IsEmpty
                ? [new Frame(string.Create(CultureInfo.InvariantCulture, $"unknown!0x{address & PageMask:x}"),
                    "", "", 0, FrameKind.Native, false, address)]
                : [new Frame("stub", "", "", 0, FrameKind.Runtime, false, address)];
        }
    }

    /// <summary>The program file of a .NET process is its host, whatever its name.</summary>
    private FrameKind Kind(RecordedModule module) =>
        !managed.IsEmpty && (module.Path == file.Program || IsAssembly(module.Path))
            ? FrameKind.Runtime
            : RuntimeModules.KindOf(module.Path);

    // Precompiled assemblies contain stubs between their methods.
    private static bool IsAssembly(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
}
