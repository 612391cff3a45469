using System;
using System.Collections.Generic;
using System.Globalization;
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
    private readonly AddressNames _names = new(managed, file.Program, root);

    /// <summary>Names the addresses in the stacks of sites.</summary>
    /// <param name="sites">The sites, of this profile.</param>
    /// <param name="step">Is called before each module with its name.</param>
    /// <returns>The frames by address, the return address minus 1; innermost first.</returns>
    internal Dictionary<ulong, IReadOnlyList<Frame>> Resolve(
        IEnumerable<RecordedSite> sites, Action<string> step)
    {
        Dictionary<ulong, TimeSpan> addresses = Addresses(sites);
        Dictionary<ulong, IReadOnlyList<Frame>> frames = _names.Find(
            addresses.Select(pair => (pair.Key, file.FindModule(pair.Key, pair.Value))), step);
        foreach (ulong address in addresses.Keys)
        {
            _ = frames.TryAdd(address, [Unmapped(address)]);
        }

        return frames;
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

    /// <summary>Code that was generated at run time. In .NET processes, stubs are left.</summary>
    private Frame Unmapped(ulong address)
    {
        // Generated code has no function boundaries to see; a page at least groups neighbors.
        const ulong PageMask = ~0xFFFUL;
        return managed.IsEmpty
            ? new Frame(string.Create(CultureInfo.InvariantCulture, $"unknown!0x{address & PageMask:x}"),
                "", "", 0, FrameKind.Native, false, address)
            : new Frame("stub", "", "", 0, FrameKind.Runtime, false, address);
    }
}
