using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Names;

/// <summary>Names addresses of one process: as methods of .NET, or as code of native modules.</summary>
/// <param name="managed">The methods of the process, if it is a .NET process.</param>
/// <param name="program">The path of its program file; empty if unknown.</param>
/// <param name="root">The root folder of the process, such as <c>/proc/PID/root</c>; or "".</param>
internal sealed class AddressNames(ManagedCode managed, string program, string root = "")
{
    private readonly NativeNames _native = new(Symbolizer.Find(), root);

    /// <summary>Names addresses. Those outside of methods and modules are left out.</summary>
    /// <param name="addresses">Addresses within instructions, with the modules that contain them.</param>
    /// <param name="step">Is called before each module with its name.</param>
    /// <returns>The frames by address; innermost first.</returns>
    internal Dictionary<ulong, IReadOnlyList<Frame>> Find(
        IEnumerable<(ulong Address, RecordedModule? Module)> addresses, Action<string> step)
    {
        Dictionary<ulong, IReadOnlyList<Frame>> found = [];
        List<(ulong Address, RecordedModule Module)> rest = [];
        foreach ((ulong address, RecordedModule? module) in addresses)
        {
            // First, because precompiled methods are in modules, too.
            if (managed.Find(address) is { } method)
            {
                found[address] = [managed.Name(method, address)];
            }
            else if (module is not null)
            {
                rest.Add((address, module));
            }
        }

        foreach (IGrouping<RecordedModule, ulong> group in rest.GroupBy(r => r.Module, r => r.Address))
        {
            step(Path.GetFileName(group.Key.Path));
            foreach ((ulong address, IReadOnlyList<Frame> frames) in
                _native.Find(group.Key, Kind(group.Key), [.. group.Distinct()]))
            {
                found[address] = frames;
            }
        }

        return found;
    }

    /// <summary>The program file of a .NET process is its host, whatever its name.</summary>
    private FrameKind Kind(RecordedModule module) =>
        !managed.IsEmpty && (module.Path == program || IsAssembly(module.Path))
            ? FrameKind.Runtime
            : RuntimeModules.KindOf(module.Path);

    // Precompiled assemblies contain stubs between their methods.
    private static bool IsAssembly(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
}
