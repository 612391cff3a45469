using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Only one folder calls the operating system, in files named after what they are for.</summary>
public partial class SystemCallTests
{
    private const string Folder = "src/Quarry.Core/Os";

    private static readonly string[] s_systems = ["Linux", "Windows"];

    private static IEnumerable<string> Files => Repository.Files(Folder, ".cs").Select(Path.GetFileName)!;

    [Fact]
    public void Only_the_folder_makes_system_calls()
    {
        IEnumerable<string> callers =
            from file in Repository.Files("src", ".cs")
            where !file.StartsWith(Folder + "/", System.StringComparison.Ordinal)
            where SystemCall().IsMatch(Repository.Text(file))
            select file;
        Assert.Empty(callers);
        Assert.Contains(Files, file => SystemCall().IsMatch(Repository.Text($"{Folder}/{file}")));
    }

    [Fact]
    public void The_library_makes_no_system_call_by_number()
    {
        IEnumerable<string> callers =
            from file in Files
            where !file.EndsWith(".Freestanding.cs", System.StringComparison.Ordinal)
            where SystemCall().IsMatch(Repository.Text($"{Folder}/{file}"))
            select file;
        Assert.Empty(callers);
    }

    [Fact]
    public void Every_architecture_numbers_the_same_calls()
    {
        Dictionary<string, string[]> names = Files
            .Where(file => ArchitectureFile().IsMatch(file))
            .ToDictionary(file => file, file => CallName().Matches(Repository.Text($"{Folder}/{file}"))
                .Select(match => match.Value).Order().ToArray());
        Assert.True(names.Count >= 2);
        string[] first = names.Values.First();
        Assert.NotEmpty(first);
        Assert.All(names, file => Assert.Equal(first, file.Value));
    }

    [Fact]
    public void Every_implementation_is_in_a_file_named_after_its_system()
    {
        IEnumerable<string> misplaced =
            from file in Files
            let text = Repository.Text($"{Folder}/{file}")
            where NestedSystem().Matches(text).Any(match => !file.Contains($".{match.Groups[1].Value}."))
            select file;
        Assert.Empty(misplaced);
        Assert.All(s_systems, system => Assert.Contains(Files, file => file.Contains($".{system}.")));
    }

    [GeneratedRegex(@"\bSystemCall\b|\bquarry_syscall\b")]
    private static partial Regex SystemCall();

    [GeneratedRegex(@"^Os\.Linux\.[A-Z]\w*\d\d\.Freestanding\.cs$")]
    private static partial Regex ArchitectureFile();

    [GeneratedRegex(@"\bCall[A-Z]\w+(?= = \d)")]
    private static partial Regex CallName();

    [GeneratedRegex(@"partial class (Linux|Windows)\b")]
    private static partial Regex NestedSystem();
}
