using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests that a folder of the Core names only its own types and those of lower layers.</summary>
public partial class CoreLayerTests
{
    private const string Core = "src/Quarry.Core/";

    // From the lowest layer to the highest. The README of the Core describes their contents.
    private static readonly string[] s_layers =
    [
        "Primitives", "Text", "Os", "State", "Stacks", "PageSources",
        "Heap/Guarding", "Heap/Isolation", "Heap", "Heap/Backend", "Heap/Threads", "Heap/Checking",
        "Heap/Lifetime", "Heap/Frontend", "Heap/Statistics",
        "Allocators", "Combinators", "Diagnostics",
        "Profiling/Format", "Profiling/Recording",
    ];

    private static readonly Dictionary<string, int> s_layerOfType = LayersOfTypes();

    public static TheoryData<string> Layers => [.. s_layers];

    [Fact]
    public void Every_file_is_in_a_layer() =>
        Assert.All(Repository.Files(Core, ".cs"), file => Assert.True(LayerOf(file) >= 0, file));

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_names_no_type_of_a_higher_one(string layer)
    {
        int own = Array.IndexOf(s_layers, layer);
        IEnumerable<string> wrong =
            from file in Repository.Files(Core, ".cs")
            where LayerOf(file) == own
            from name in Identifiers(Repository.Text(file)).Distinct()
            where s_layerOfType.TryGetValue(name, out int other) && other > own
            select $"{file} names {name} of {s_layers[s_layerOfType[name]]}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_readme_lists_the_layers_in_this_order()
    {
        string readme = Repository.Text($"{Core}README.md");
        int[] places =
            [.. s_layers.Select(layer => readme.IndexOf($"| `{layer}/` |", StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    private static Dictionary<string, int> LayersOfTypes()
    {
        Dictionary<string, int> layers = [];
        foreach (string file in Repository.Files(Core, ".cs"))
        {
            layers[Path.GetFileName(file).Split('.')[0]] = LayerOf(file);
        }

        return layers;
    }

    /// <summary>
    /// Returns the layer of the innermost folder that is a layer; other folders inside a layer belong to it.
    /// </summary>
    private static int LayerOf(string file)
    {
        string folder = Path.GetDirectoryName(file)![Core.Length..];
        while (folder.Length > 0 && !s_layers.Contains(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Array.IndexOf(s_layers, folder);
    }

    private static IEnumerable<string> Identifiers(string source) =>
        Identifier().Matches(CommentOrText().Replace(source, " ")).Select(match => match.Value);

    [GeneratedRegex(@"//[^\n]*|""(?:\\.|[^""\\])*""")]
    private static partial Regex CommentOrText();

    [GeneratedRegex(@"(?<![\w.>])[A-Z]\w+")]
    private static partial Regex Identifier();
}
