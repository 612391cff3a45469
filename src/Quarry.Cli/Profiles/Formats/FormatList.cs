using System.Collections.Generic;
using System.Linq;
using Quarry.Tools;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>The formats in which something can be written; the first one is the default.</summary>
internal sealed class FormatList<T>(IReadOnlyList<IFormat<T>> formats)
{
    internal string Names => string.Join(", ", formats.Select(format => format.Name));

    internal IFormat<T> Default => formats[0];

    internal IFormat<T> Named(string name) => formats.FirstOrDefault(f => f.Name == name) ??
        throw new QuarryException($"unknown format '{name}': expected one of {Names}");
}
