using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Quarry.AspNetCore;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Surface;

/// <summary>
/// The public surface of the packages, recorded in a file: a change of it is made on purpose, and is seen in
/// a review.
/// </summary>
public sealed class PublicSurfaceTests
{
    private const string Record = "QUARRY_RECORD_SURFACE";

    public static TheoryData<string> Assemblies => ["Quarry", "Quarry.AspNetCore", "Quarry.Testing"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void It_is_as_recorded(string assembly)
    {
        string file = FileOf(assembly);
        string[] surface = PublicSurface.Of(AssemblyOf(assembly));
        if (Environment.GetEnvironmentVariable(Record) == "1")
        {
            File.WriteAllLines(file, surface);
        }

        string[] recorded = File.ReadAllLines(file);
        string[] changes =
        [
            .. recorded.Except(surface).Select(line => $"- {line}"),
            .. surface.Except(recorded).Select(line => $"+ {line}"),
        ];
        Assert.True(
            changes.Length == 0,
            $"The public surface of {assembly} has changed. To record it, run these tests with {Record}=1.\n"
            + string.Join('\n', changes));
    }

    [Fact]
    public void Members_are_told_apart_by_all_that_callers_see()
    {
        string[] surface = PublicSurface.Of(typeof(Heap).Assembly);
        Assert.Equal(surface.Length, surface.Distinct().Count());
        Assert.Contains("Heap.Allocate(Layout layout): void*", surface);
        Assert.Contains("Layout.Create(nuint size, nuint alignment): static Layout", surface);
        Assert.Contains("HeapOptions.LimitBytes: nuint { get set }", surface);
        Assert.Contains("Retention.None: Retention = 3", surface);
        Assert.DoesNotContain(surface, line => line.Contains("CollectionHandle", StringComparison.Ordinal));
    }

    private static Assembly AssemblyOf(string name) => name switch
    {
        "Quarry" => typeof(Heap).Assembly,
        "Quarry.AspNetCore" => typeof(RequestArena).Assembly,
        _ => typeof(AllocationAssert).Assembly,
    };

    private static string FileOf(string assembly) =>
        Path.Combine(Repository.Root, "src", assembly, "PublicSurface.txt");
}
