using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>What every source file keeps to.</summary>
public partial class SourceFormTests
{
    private const int MaxWidth = 110, MaxLines = 450;

    private static IEnumerable<string> Sources =>
        new[] { "src", "tests", "bench", "samples" }.SelectMany(
            folder => Repository.Files(folder, ".cs", ".S", ".inc", ".c", ".cpp", ".h"));

    /// <summary>Not the mini core library, which has a file a namespace, nor what tests compile.</summary>
    private static IEnumerable<string> TypeFiles =>
        Sources.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)
            && !file.Contains("/corelib/") && !file.Contains("/images/"));

    [Fact]
    public void No_line_is_wider_than_110_columns()
    {
        IEnumerable<string> wide =
            from file in Sources
            from line in Repository.Lines(file).Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > MaxWidth
            select $"{file}:{line.Number}";
        Assert.Empty(wide);
    }

    [Fact]
    public void No_file_is_longer_than_450_lines()
    {
        IEnumerable<string> tooLong =
            from file in Sources
            let lines = Repository.Lines(file).Length
            where lines > MaxLines
            select $"{file}: {lines}";
        Assert.Empty(tooLong);
    }

    [Fact]
    public void A_file_holds_one_type_and_is_named_after_it()
    {
        IEnumerable<string> wrong =
            from file in TypeFiles
            let matches = TopLevelType().Matches(Repository.Text(file))
            let types = matches.Select(match => match.Groups[1].Value).ToArray()
            where types.Length > 0 && (types.Length > 1 || Path.GetFileName(file).Split('.')[0] != types[0])
            select $"{file}: {string.Join(", ", types)}";
        Assert.Empty(wrong);
    }

    /// <summary>A type of the library can have parts in the Core, which is compiled into it.</summary>
    [Fact]
    public void Parts_of_a_type_lie_in_folders_of_the_same_name()
    {
        const string Library = "src/Quarry", Core = "src/Quarry.Core";
        ILookup<string, string> folders = Repository.Files(Core, ".cs")
            .Where(file => !file.EndsWith(".Freestanding.cs", StringComparison.Ordinal))
            .ToLookup(TypeOf, file => Path.GetRelativePath(Core, Path.GetDirectoryName(file)!));
        IEnumerable<string> apart =
            from file in Repository.Files(Library, ".cs")
            let folder = Path.GetRelativePath(Library, Path.GetDirectoryName(file)!)
            from other in folders[TypeOf(file)].Distinct()
            where other != folder
            select $"{file}: {other}";
        Assert.Empty(apart);
        Assert.NotEmpty(folders);
    }

    private static string TypeOf(string file) => Path.GetFileName(file).Split('.')[0];

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|static|abstract|sealed|readonly|ref|unsafe|partial) )*"
        + @"(?:class|struct|interface|enum|record(?: class| struct)?|delegate [\w<>*]+) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
