using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Names;

/// <summary>The compiled methods of a .NET process, by address.</summary>
internal sealed class ManagedCode
{
    private readonly ManagedMethod[] _methods;
    private readonly Dictionary<string, AssemblyLines> _lines = [];
    private readonly string _root;

    private ManagedCode(ManagedMethod[] methods, string root)
    {
        _methods = methods;
        _root = root;
    }

    /// <summary>Gets the code of a process that is not a .NET process.</summary>
    internal static ManagedCode None { get; } = new([], "");

    internal bool IsEmpty => _methods.Length == 0;

    internal int Count => _methods.Length;

    /// <summary>Creates the table; of several methods at one address, the last one is found.</summary>
    /// <param name="methods">The methods, in the order in which they were reported.</param>
    /// <param name="root">The root folder of the process, such as <c>/proc/PID/root</c>; or "".</param>
    internal static ManagedCode Of(IEnumerable<ManagedMethod> methods, string root)
    {
        Dictionary<ulong, ManagedMethod> byStart = [];
        foreach (ManagedMethod method in methods)
        {
            // A version with a map is not replaced by the same one without.
            if (method.Map is not null || !byStart.TryGetValue(method.Start, out ManagedMethod? known) ||
                known.Map is null || known.Name != method.Name)
            {
                byStart[method.Start] = method;
            }
        }

        return new ManagedCode([.. byStart.Values.OrderBy(m => m.Start)], root);
    }

    /// <summary>Finds the method at an address; null if there is none.</summary>
    internal ManagedMethod? Find(ulong address)
    {
        int low = 0;
        int high = _methods.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_methods[middle].Start <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low > 0 && _methods[low - 1].Contains(address) ? _methods[low - 1] : null;
    }

    /// <summary>Names a frame of a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="address">An address within the instruction.</param>
    internal Frame Name(ManagedMethod method, ulong address)
    {
        (string File, int Line)? place =
            method.Map?.Find((uint)(address - method.Start)) is { } instruction && method.Assembly.Length > 0
            ? Lines(method.Assembly).Find(method.Token, instruction)
            : null;
        return new Frame(
            method.Name,
            method.Assembly,
            place?.File ?? "",
            place?.Line ?? 0,
            method.IsStub ? FrameKind.Runtime
                : method.IsReplacement ? FrameKind.Replacement
                : FrameKind.Managed,
            IsInlined: false,
            address);
    }

    private AssemblyLines Lines(string assembly)
    {
        if (!_lines.TryGetValue(assembly, out AssemblyLines? lines))
        {
            lines = AssemblyLines.Read(_root + assembly);
            _lines.Add(assembly, lines);
        }

        return lines;
    }
}
