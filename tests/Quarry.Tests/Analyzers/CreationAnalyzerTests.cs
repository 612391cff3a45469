using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Quarry.Analyzers;
using Quarry.Analyzers.CodeFixes;
using Xunit;

namespace Quarry.Tests.Analyzers;

/// <summary>Default values of what has to be created; and the list of all rules.</summary>
public sealed partial class CreationAnalyzerTests
{
    [Theory]
    [InlineData("using var list = new NativeList<int, Heap>();", "QRY104 1: new NativeList<int, Heap>()")]
    [InlineData("_ = new NativeBox<int, Global>();", "QRY104 1: new NativeBox<int, Global>()")]
    [InlineData("using FreeList<Heap> mine = new();", "QRY104 1: new()")]
    [InlineData("using var pool = new Pool<SystemHeap>();", "QRY104 1: new Pool<SystemHeap>()")]
    [InlineData("using NativeList<int, Arena> list = [1];", "QRY105 1: [1]")]
    [InlineData("using NativeHashSet<int, Sized<Heap>> set = [1];", "QRY105 1: [1]")]
    [InlineData("using var list = new NativeList<int, Heap>(default);", "QRY106 1: default")]
    [InlineData("using var counted = new Counting<Arena>(default(Arena));", "QRY106 1: default(Arena)")]
    public void A_default_value_that_cannot_be_used(string statements, string report) =>
        Assert.Equal([report], Snippet.Analyze(statements));

    [Theory]
    [InlineData("using Arena mine = new(); using Heap other = new(); using Bump<Local> bump = new();")]
    [InlineData("using NativeList<int, Global> list = [1]; using NativeArray<int, SystemHeap> array = [1];")]
    [InlineData("using var list = new NativeList<int, SystemHeap>(default);")]
    [InlineData("using var list = new NativeList<int, Sized<SystemHeap>>(default);")]
    [InlineData("List<int> list = [1]; int[] array = [1]; _ = new PageAllocator();")]
    [InlineData("Heap none = default; NativeList<int, Heap> later = default;")]
    public void A_default_value_that_can(string statements) => Assert.Empty(Snippet.Analyze(statements));

    [Fact]
    public void A_message_says_what_to_do()
    {
        Assert.Equal(
            "'new Pool<Heap>()' is the default value, which cannot be used; use another constructor",
            Snippet.Message("using Pool<Heap> mine = new();"));
        Assert.Equal(
            "A collection expression cannot create 'NativeList<int, Arena>', because its allocator 'Arena' "
            + "has to be created first; pass the allocator to a constructor",
            Snippet.Message("using NativeList<int, Arena> list = [1];"));
    }

    [Fact]
    public void The_page_lists_every_rule()
    {
        string page = Page();
        DiagnosticDescriptor[] rules =
        [
            .. new LifetimeAnalyzer().SupportedDiagnostics,
            .. new CreationAnalyzer().SupportedDiagnostics,
            .. new StateAnalyzer().SupportedDiagnostics,
        ];
        Assert.Equal(
            rules.Select(rule => rule.Id).Order(),
            Row().Matches(page).Select(row => row.Groups[1].Value));
        Assert.All(rules, rule => Assert.Equal(DiagnosticSeverity.Warning, rule.DefaultSeverity));
    }

    [Fact]
    public void The_page_lists_every_fix()
    {
        string page = Page();
        CodeFixProvider[] providers = [new UsingFix(), new CopyFix(), new AllocatorFix()];
        Assert.Equal(
            providers.SelectMany(provider => provider.FixableDiagnosticIds).Order(),
            RowWithFix().Matches(page).Select(row => row.Groups[1].Value));
    }

    private static string Page() => File.ReadAllText(
        Path.Combine(Repository.Root, "docs", "analyzers.md"));

    [GeneratedRegex(@"^\| `(QRY\d+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| `(QRY\d+)` \|.*\| [^|–]+ \|$", RegexOptions.Multiline)]
    private static partial Regex RowWithFix();
}
