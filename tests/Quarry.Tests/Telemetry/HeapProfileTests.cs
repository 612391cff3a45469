using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Tests.Telemetry;

/// <summary>
/// Events for the heap profile, in a process that cannot record one, and the code of the page.
/// </summary>
public sealed class HeapProfileTests
{
    [Fact]
    public void Events_have_no_effect_on_another_malloc()
    {
        bool isOnLibrary = NativeLibrary.TryGetExport(
            NativeLibrary.GetMainProgramHandle(), "quarry_event", out _);
        Assert.Equal(isOnLibrary, HeapProfile.IsSupported);
        byte[] read = Read(new MemoryStream([1, 2, 3]), 3);
        Assert.Equal([1, 2, 3], read);
        Assert.Throws<ArgumentOutOfRangeException>("weight", () => HeapProfile.AddEvent(-1));
    }

    [Fact]
    public void The_code_of_the_page_is_that_of_this_test()
    {
        string page = Repository.Text("docs/profiling.md");
        string block = page.Split("```csharp\n").Select(part => part.Split("```")[0])
            .Single(code => code.Contains("HeapProfile.", StringComparison.Ordinal));
        string source = Repository.Text("tests/Quarry.Tests/Telemetry/HeapProfileTests.cs");
        Assert.All(block.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Contains(line.Trim(), source, StringComparison.Ordinal));
    }

    private static byte[] Read(Stream stream, int length)
    {
        byte[] buffer = new byte[length];
        stream.ReadExactly(buffer);
        HeapProfile.AddEvent(length);
        return buffer;
    }
}
