using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Quarry;

/// <summary>Footprints beside each other; <see cref="ToString"/> prints them.</summary>
public sealed class FootprintTable
{
    internal FootprintTable(IReadOnlyList<FootprintStatistics> structures) => Structures = structures;

    /// <summary>The structures, in the order given.</summary>
    public IReadOnlyList<FootprintStatistics> Structures { get; }

    /// <summary>
    /// A line for each: bytes held, of an element, beside the first one, and taken by building.
    /// </summary>
    public override string ToString()
    {
        int width = Structures.Select(structure => structure.Name.Length).Append("structure".Length).Max();
        var text = new StringBuilder();
        void Line(string name, string managed, string native, string element, string ratio, string build) =>
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{name.PadRight(width)} {managed,14} {native,14} {element,10} {ratio,7} {build,16}");

        Line("structure", "managed", "native", "/element", "ratio", "to build");
        foreach (FootprintStatistics structure in Structures)
        {
            double ratio = (double)structure.TotalBytes / Math.Max(1, Structures[0].TotalBytes);
            Line(
                structure.Name,
                Number(structure.ManagedBytes, "N0"),
                Number(structure.NativeBytes, "N0"),
                Number(structure.BytesPerElement, "F1"),
                Number(ratio, "F2"),
                Number(structure.ManagedBuildBytes + structure.NativeBuildBytes, "N0"));
        }

        return text.ToString().TrimEnd();
    }

    private static string Number(double value, string format) =>
        value.ToString(format, CultureInfo.InvariantCulture);
}
