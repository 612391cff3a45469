using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Quarry.AspNetCore;
using Quarry.Testing;
using Xunit;

namespace Quarry.Samples.Tests.Documents;

/// <summary>The C# code of every page compiles, and prints what the page shows.</summary>
public sealed partial class DocumentTests
{
    private static readonly CodeBlock[] s_all = [.. CodeBlock.All()];

    public static TheoryData<string, int> Blocks => Rows(s_all.Where(IsCode));

    // The next block of the page is the output.
    public static TheoryData<string, int> Printing =>
        Rows(s_all.Zip(s_all.Skip(1)).Where(pair => IsCode(pair.First) && pair.Second.Language == "text")
            .Select(pair => pair.First));

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Code_compiles(string page, int line) => _ = Compile(page, line);

    /// <summary>Numbers are left out of the comparison.</summary>
    [Theory]
    [MemberData(nameof(Printing))]
    public void Code_prints_what_the_page_shows(string page, int line)
    {
        string output = Run(Compile(page, line));
        string shown = s_all.SkipWhile(block => block.Page != page || block.Line <= line).First().Text;
        Assert.Equal(WithoutNumbers(shown), WithoutNumbers(output));
    }

    [Fact]
    public void First_code_of_the_readme_runs()
    {
        CodeBlock first = s_all.First(block => block.Page == "README.md" && IsCode(block));
        string output = Run(Compile(first.Page, first.Line));
        Assert.InRange(int.Parse(output), 3 * sizeof(long), 1000);
    }

    /// <summary>A block with another name for the language would not be compiled.</summary>
    [Fact]
    public void No_page_has_code_under_another_name()
    {
        Assert.True(s_all.Count(IsCode) > 30);
        Assert.DoesNotContain(s_all, block => block.Language is "cs" or "c#" or "C#");
    }

    /// <summary>Nested types, such as enumerators, are used with the types around them.</summary>
    [Fact]
    public void Every_public_type_is_in_code_of_a_page()
    {
        HashSet<string> shown = [];
        foreach (IGrouping<string, CodeBlock> page in s_all.Where(IsCode).GroupBy(block => block.Page))
        {
            foreach (CodeBlock block in page)
            {
                shown.UnionWith(BlockCompiler.TypesIn(block, page.Except([block])));
            }
        }

        Assembly[] libraries =
            [typeof(Heap).Assembly, typeof(AllocationAssert).Assembly, typeof(RequestArena).Assembly];
        string[] types =
        [
            .. libraries.SelectMany(library => library.GetExportedTypes())
                .Where(type => !type.IsNested)
                .Select(type => type.FullName!),
        ];
        Assert.InRange(types.Length, 150, 500);
        string[] missing = [.. types.Where(type => !shown.Contains(type)).Order()];
        Assert.True(missing.Length == 0, $"In no code of a page:\n{string.Join('\n', missing)}");
    }

    private static bool IsCode(CodeBlock block) => block.Language == "csharp";

    private static TheoryData<string, int> Rows(IEnumerable<CodeBlock> blocks) =>
        new(blocks.Select(block => new TheoryDataRow<string, int>(block.Page, block.Line)));

    private static byte[] Compile(string page, int line)
    {
        CodeBlock[] blocks = [.. s_all.Where(block => block.Page == page && IsCode(block))];
        CodeBlock block = blocks.Single(block => block.Line == line);
        using MemoryStream assembly = new();
        IReadOnlyList<string> errors = BlockCompiler.Compile(block, blocks.Except([block]), assembly);
        Assert.True(errors.Count == 0, $"{page}:{line}\n{string.Join('\n', errors)}");
        return assembly.ToArray();
    }

    private static string Run(byte[] assembly)
    {
        MethodInfo run = Assembly.Load(assembly).GetType("Block")!
            .GetMethod("Run", BindingFlags.Static | BindingFlags.NonPublic)!;
        TextWriter previous = Console.Out;
        using StringWriter output = new();
        Console.SetOut(output);
        try
        {
            _ = run.Invoke(null, null);
            return output.ToString();
        }
        finally
        {
            Console.SetOut(previous);
        }
    }

    private static string WithoutNumbers(string text) =>
        Spaces().Replace(Numbers().Replace(text, "0"), " ").Trim();

    [GeneratedRegex(@"-?\d[\d.,]*")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
