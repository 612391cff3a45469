using Xunit;

namespace Quarry.Tests.Analyzers;

/// <summary>The code after each fix; that it compiles is part of every test.</summary>
public sealed class CodeFixTests
{
    [Theory]
    [InlineData("Heap mine = new(); mine.Trim();", "using Heap mine = new(); mine.Trim();", "mine")]
    [InlineData("// Kept.\nArena mine = new();", "// Kept.\nusing Arena mine = new();", "mine")]
    [InlineData("NativeList<int, Global> list = [1];", "using NativeList<int, Global> list = [1];", "list")]
    public void A_handle_that_is_never_disposed(string statements, string expected, string name) =>
        Assert.Equal(expected, Snippet.Fix(statements, $"Declare '{name}' with 'using'"));

    [Fact]
    public void An_allocator_that_has_no_name() => Assert.Equal(
        """
        // Counted.
        using Heap heap2 = new Heap();
        using Counting<Heap> counted = new(heap2);
        """,
        Snippet.Fix(
            "// Counted.\nusing Counting<Heap> counted = new(new Heap());",
            "Declare 'heap2' with 'using'"));

    [Theory]
    [InlineData("Heap first = new(), second = new();")]
    [InlineData("switch (heap.IsAlive) { case true: Heap mine = new(); break; }")]
    [InlineData("Action late = () => Keep(new Counting<Heap>(new Heap()));")]
    [InlineData("var list = new NativeList<int, Heap>(heap); list.Dispose(); list.Add(1);")]
    [InlineData("var array = new NativeArray<int, Heap>();")]
    [InlineData("List<int> some = []; using NativeList<int, Heap> list = [.. some];")]
    public void What_has_no_obvious_fix(string statements) => Assert.Empty(Snippet.Fixes(statements));

    [Fact]
    public void A_copy_that_is_disposed_beside_its_original() => Assert.Equal(
        "using var list = new NativeList<int, Heap>(heap); var copy = list;",
        Snippet.Fix(
            "using var list = new NativeList<int, Heap>(heap); using var copy = list;",
            "Remove 'using' from the copy"));

    [Theory]
    [InlineData(
        "using var list = new NativeList<int, Heap>();", "using var list = new NativeList<int, Heap>(heap);")]
    [InlineData(
        "using var list = new NativeList<int, Heap> { 1 };",
        "using var list = new NativeList<int, Heap>(heap) { 1 };")]
    [InlineData("using Counting<Heap> mine = new();", "using Counting<Heap> mine = new(heap);")]
    [InlineData(
        "using NativeList<int, Heap> list = [1, 2];",
        "using NativeList<int, Heap> list = new(heap) { 1, 2 };")]
    [InlineData(
        "using NativeHashSet<int, Heap> set = [];", "using NativeHashSet<int, Heap> set = new(heap);")]
    [InlineData(
        "using var list = new NativeList<int, Heap>(default);",
        "using var list = new NativeList<int, Heap>(heap);")]
    [InlineData(
        "using var counted = new Counting<Heap>(default(Heap));",
        "using var counted = new Counting<Heap>(heap);")]
    public void An_allocator_in_scope(string statements, string expected) =>
        Assert.Equal(expected, Snippet.Fix(statements, "Pass 'heap'"));

    [Fact]
    public void An_allocator_that_is_its_default_value() => Assert.Equal(
        "using var box = new NativeBox<int, Global>(default);",
        Snippet.Fix("using var box = new NativeBox<int, Global>();", "Pass 'default'"));

    [Fact]
    public void One_fix_for_each_allocator_that_is_declared_before() => Assert.Equal(
        ["Pass 'mine'", "Pass 'heap'"],
        Snippet.Fixes("""
            using Heap mine = new();
            using var list = new NativeList<int, Heap>();
            using Heap later = new();
            """));

    [Fact]
    public void An_allocator_that_is_created_for_the_purpose() => Assert.Equal(
        """
        using Bump<Local> bump = new();
        using var list = new NativeList<int, Bump<Local>>(bump);
        """,
        Snippet.Fix("using var list = new NativeList<int, Bump<Local>>();", "Create 'bump' and pass it"));
}
