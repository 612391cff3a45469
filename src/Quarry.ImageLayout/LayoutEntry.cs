using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Quarry.ImageLayout;

/// <summary>Represents a line of a list: <c>NAME = MEMBER</c> or <c>HEADER: STRUCT = TYPE</c>.</summary>
internal sealed record LayoutEntry(string File, int Line, string Target, string Source)
{
    private const string SizeOf = "sizeof ";

    internal static IEnumerable<LayoutEntry> ReadAll(string file)
    {
        int number = 0;
        foreach (string text in System.IO.File.ReadLines(file))
        {
            number++;
            string line = text.Split('#')[0].Trim();
            if (line.Length > 0)
            {
                string[] sides = line.Split('=', 2, StringSplitOptions.TrimEntries);
                yield return new LayoutEntry(file, number, sides[0], sides.Length == 2 ? sides[1] : "");
            }
        }
    }

    /// <summary>Returns the assembly lines of the entry.</summary>
    /// <exception cref="LayoutException">The entry is invalid, or a header differs.</exception>
    internal IEnumerable<string> Resolve(AssemblyLayouts layouts)
    {
        string[] parts = Target.Split(':', StringSplitOptions.TrimEntries);
        if (Source.Length == 0)
        {
            throw Error("Expected 'NAME = Type.Member', 'NAME = sizeof Type' or 'header.h: struct = Type'.");
        }

        if (parts.Length == 2)
        {
            CompareHeader(layouts, parts[0], parts[1]);
            return [];
        }

        long value = Source.StartsWith(SizeOf, StringComparison.Ordinal)
            ? StructOf(layouts, Source[SizeOf.Length..].Trim()).Size
            : ValueOf(layouts);
        return [string.Create(CultureInfo.InvariantCulture, $"    .set {Target}, {value}")];
    }

    private long ValueOf(AssemblyLayouts layouts)
    {
        int dot = Source.LastIndexOf('.');
        (string type, string member) = dot < 0 ? ("", Source) : (Source[..dot], Source[(dot + 1)..]);
        return layouts.TryGetConstant(type, member, out long value)
            ? value
            : Array.Find(StructOf(layouts, type).Fields, field => field.Name == member)?.Offset
            ?? throw Error($"{type} has no field and no integer constant named '{member}'.");
    }

    private void CompareHeader(AssemblyLayouts layouts, string header, string name)
    {
        string path = Path.Combine(Path.GetDirectoryName(File)!, header);
        if (!System.IO.File.Exists(path))
        {
            throw Error($"The header {path} does not exist. Correct its path, relative to this list.");
        }

        HeaderStruct? declared = HeaderStruct.Find(path, name)
            ?? throw Error($"{path} declares no 'struct {name} {{ ... }}'. Correct the name.");
        declared.Compare(StructOf(layouts, Source), Source);
    }

    private StructLayout StructOf(AssemblyLayouts layouts, string type)
    {
        try
        {
            return layouts.StructOf(type)
                ?? throw Error($"The assembly has no struct named '{type}'. Include the namespace.");
        }
        catch (NotSupportedException exception)
        {
            throw Error($"The layout of {type} cannot be determined: {exception.Message}");
        }
    }

    private LayoutException Error(string text) => LayoutException.Entry(File, Line, text);
}
