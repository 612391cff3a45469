using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Names;

/// <summary>Names the code of native modules.</summary>
/// <param name="symbolizer">
/// The program that finds lines and inlined functions; null if there is none.
/// </param>
/// <param name="root">The root folder of the process, such as <c>/proc/PID/root</c>; or "".</param>
internal sealed class NativeNames(Symbolizer? symbolizer, string root = "")
{
    /// <summary>Names addresses of one module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="kind">The kind of its code.</param>
    /// <param name="addresses">The addresses, as in <see cref="Frame.Address"/>.</param>
    /// <returns>The frames by address; innermost first.</returns>
    internal IEnumerable<(ulong Address, IReadOnlyList<Frame> Frames)> Find(
        RecordedModule module, FrameKind kind, IReadOnlyList<ulong> addresses)
    {
        using NativeModule native = new(module, root);
        Dictionary<ulong, SourceFrame[]> sources =
            symbolizer is not null && native.DebugInformation is { } debug
            ? symbolizer.Symbolize(debug, [.. addresses.Select(native.InFile).Distinct()])
            : [];
        foreach (ulong address in addresses)
        {
            string name = native.Name(address);
            yield return (address, sources.TryGetValue(native.InFile(address), out SourceFrame[]? found)
                ? Inlined(found, name, module.Path, kind, address)
                : [new Frame(name, module.Path, "", 0, kind, false, address)]);
        }
    }

    /// <summary>The last frame is named by the symbols, hence equally without a tool.</summary>
    private static Frame[] Inlined(
        SourceFrame[] sources, string function, string module, FrameKind kind, ulong address) =>
    [
        .. sources.Select((source, i) =>
        {
            bool isInlined = i < sources.Length - 1;
            string name = isInlined && source.Function.Length > 0 ? source.Function : function;
            return new Frame(name, module, source.File, source.Line, kind, isInlined, address);
        }),
    ];
}
