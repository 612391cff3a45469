using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Quarry.ImageLayout;

/// <summary>Represents a struct of a C header, laid out as C does on 64-bit Unix.</summary>
internal sealed partial class HeaderStruct
{
    private readonly string _file, _name;
    private readonly int _line;
    private readonly List<(FieldLayout Layout, int Line)> _members = [];

    private HeaderStruct(string file, string name, int line) => (_file, _name, _line) = (file, name, line);

    /// <summary>Finds a struct in a header; null if the header has no struct of that name.</summary>
    internal static HeaderStruct? Find(string file, string name)
    {
        // The line breaks of comments are preserved, so that line numbers match the file.
        string text = Comments().Replace(
            File.ReadAllText(file), comment => new string('\n', comment.Value.AsSpan().Count('\n')));
        Match body = Regex.Match(text, $@"\bstruct\s+{Regex.Escape(name)}\s*\{{([^}}]*)\}}");
        if (!body.Success)
        {
            return null;
        }

        HeaderStruct found = new(file, name, LineAt(text, body.Index));
        int end = 0;
        foreach (Match member in Members().Matches(body.Groups[1].Value))
        {
            end = found.Add(member, end, LineAt(text, body.Groups[1].Index + member.Groups[1].Index));
        }

        string rest = Spaces().Replace(Members().Replace(body.Groups[1].Value, " "), " ").Trim();
        if (rest.Length != 0)
        {
            throw LayoutException.Header(
                file, found._line, $"'{rest}' in struct {name} is not a member that can be checked.");
        }

        return found;
    }

    /// <summary>Compares the members, in order, with the fields of a C# struct.</summary>
    /// <exception cref="LayoutException">They differ.</exception>
    internal void Compare(StructLayout csharp, string type)
    {
        FieldLayout[] fields = [.. csharp.Fields.OrderBy(field => field.Offset)];
        foreach (((FieldLayout member, int line), int index) in _members.Select((item, at) => (item, at)))
        {
            FieldLayout? field = index < fields.Length ? fields[index] : null;
            if (field is null || Plain(member.Name) != Plain(field.Name) || member.Offset != field.Offset
                || member.Size != field.Size)
            {
                throw LayoutException.Header(
                    _file, line,
                    $"{Describe(member)} of struct {_name} does not match {Describe(field)} of {type}. "
                    + "Give both structs the same members in the same order.");
            }
        }

        if (_members.Count < fields.Length)
        {
            throw LayoutException.Header(
                _file, _line,
                $"struct {_name} has no member for {Describe(fields[_members.Count])} of {type}. "
                + "Add it, or remove the field.");
        }
    }

    private static string Describe(FieldLayout? field) =>
        field is null ? "any field" : $"'{field.Name}' (offset {field.Offset}, {field.Size} bytes)";

    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    private static int LineAt(string text, int index) =>
        1 + text.AsSpan(0, index).Count('\n');

    private int Add(Match member, int end, int line)
    {
        string declared = Spaces().Replace(member.Groups[1].Value.Trim(), " ");
        TypeSize? known = SizeOf(declared);
        if (known is not { } size)
        {
            throw LayoutException.Header(
                _file, line, $"The size of '{declared}' is not known. Use a type of stdint.h or stddef.h.");
        }

        int offset = size.OffsetAfter(end);
        int count = member.Groups[3].Success ? int.Parse(member.Groups[3].Value, null) : 1;
        _members.Add((new FieldLayout(member.Groups[2].Value, offset, size.Size * count), line));
        return offset + (size.Size * count);
    }

    private static TypeSize? SizeOf(string type) => type switch
    {
        _ when type.EndsWith('*') => TypeSize.Pointer,
        "size_t" or "ssize_t" or "uintptr_t" or "intptr_t" or "ptrdiff_t" => TypeSize.Pointer,
        "uint64_t" or "int64_t" or "long" or "unsigned long" or "double" => new TypeSize(8, 8),
        "uint32_t" or "int32_t" or "int" or "unsigned" or "unsigned int" or "float" => new TypeSize(4, 4),
        "uint16_t" or "int16_t" or "short" or "unsigned short" => new TypeSize(2, 2),
        "uint8_t" or "int8_t" or "char" or "unsigned char" or "bool" => new TypeSize(1, 1),
        _ => null,
    };

    [GeneratedRegex(@"/\*.*?\*/|//[^\n]*", RegexOptions.Singleline)]
    private static partial Regex Comments();

    // Groups: the type, the name, and the array length.
    [GeneratedRegex(@"\s*([\w\s]+?(?:\s+|\s*\*+\s*))(\w+)\s*(?:\[\s*(\d+)\s*\])?\s*;")]
    private static partial Regex Members();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
