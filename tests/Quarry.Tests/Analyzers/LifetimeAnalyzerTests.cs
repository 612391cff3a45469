using Xunit;

namespace Quarry.Tests.Analyzers;

/// <summary>Handles in local variables: disposed never, too early, or twice.</summary>
public sealed class LifetimeAnalyzerTests
{
    [Theory]
    [InlineData("Heap mine = new(); mine.Trim();", "QRY101 1: mine = new()")]
    [InlineData("Arena mine = new(); mine.Reset();", "QRY101 1: mine = new()")]
    [InlineData(
        "var mine = new Counting<SystemHeap>(default);",
        "QRY101 1: mine = new Counting<SystemHeap>(default)")]
    [InlineData("NativeList<int, Global> list = [1, 2];", "QRY101 1: list = [1, 2]")]
    [InlineData(
        "var set = NativeHashSet.Create<int>(); set.Add(1);",
        "QRY101 1: set = NativeHashSet.Create<int>()")]
    [InlineData(
        "var list = new NativeList<int, SystemHeap>(default); foreach (int item in list) { }",
        "QRY101 1: list = new NativeList<int, SystemHeap>(default)")]
    [InlineData(
        "using Counting<Heap> counted = new(new Heap());", "QRY101 1: new Heap()")]
    [InlineData(
        "Heap mine = new(); using var list = new NativeList<int, Heap>(mine);",
        "QRY101 1: mine = new()")]
    public void A_handle_that_is_never_disposed(string statements, string report) =>
        Assert.Equal([report], Snippet.Analyze(statements));

    [Theory]
    [InlineData("using Heap mine = new();")]
    [InlineData("Heap mine = new(); try { mine.Trim(); } finally { mine.Dispose(); }")]
    [InlineData("Heap mine = new(); Keep(mine);")]
    [InlineData("Heap mine = new(); s_kept = mine;")]
    [InlineData("Heap mine = new(); Action end = () => mine.Dispose();")]
    [InlineData("Heap mine = new(); Heap[] all = { mine };")]
    [InlineData("Heap mine = heap; mine.Trim();")]
    [InlineData("using (Arena mine = new()) { mine.Reset(); }")]
    [InlineData("var list = new NativeList<int, Arena>(arena); list.Add(1);")]
    [InlineData("var list = new NativeList<int, Counting<Heap>>(new Counting<Heap>()); list.Add(1);")]
    [InlineData("NativeList<int, Global> list = [1]; NativeList<int, Global> other = list; other.Dispose();")]
    public void A_handle_that_is_disposed_handed_on_or_left_to_its_allocator(string statements) =>
        Assert.DoesNotContain(Snippet.Analyze(statements), report => report.StartsWith("QRY101"));

    [Theory]
    [InlineData("list.Dispose();\nlist.Add(1);", "QRY102 3: list")]
    [InlineData("list.Dispose();\nif (heap.IsAlive) { _ = list.Count; }", "QRY102 3: list")]
    [InlineData("{ list.Dispose();\nKeep(list); }", "QRY102 3: list")]
    public void A_handle_that_is_used_after_it_was_disposed(string statements, string report) =>
        Assert.Equal(
            [report], Snippet.Analyze("var list = new NativeList<int, Heap>(heap);\n" + statements));

    [Theory]
    [InlineData("list.Dispose(); list.Dispose(); _ = list.IsAlive;")]
    [InlineData("list.Dispose(); list = new(heap); list.Add(1);")]
    [InlineData("if (list.Count > 0) { list.Dispose(); } list.Add(1);")]
    public void What_is_harmless_after_disposing_is_not_reported(string statements) =>
        Assert.Empty(Snippet.Analyze("var list = new NativeList<int, Heap>(heap); " + statements));

    [Fact]
    public void A_copy_that_is_disposed_beside_its_original() => Assert.Equal(
        ["QRY103 2: copy = list"],
        Snippet.Analyze("using var list = new NativeList<int, Heap>(heap);\nusing var copy = list;"));

    [Fact]
    public void A_further_owner_is_no_copy() => Assert.Empty(Snippet.Analyze(
        "using var first = new NativeRefCounted<int, Heap>(heap); using var second = first.AddRef();"));
}
