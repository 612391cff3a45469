using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using Xunit;

namespace Quarry.Freestanding.Tests;

/// <summary>A correct image: its build, its contents, and its behavior in a process.</summary>
public sealed unsafe class ImageTests(Images images)
{
    private const int IllegalInstruction = 128 + 4;

    private static readonly string[] s_files = ["libfeatures.so", "libfeatures.so.debug", "libfeatures.a"];

    [Fact]
    public void Builds_a_library_its_debug_file_and_an_archive()
    {
        Assert.True(images.Features.ExitCode == 0, images.Features.Output);
        Assert.Contains("fast path of min_max: ", images.Features.Output);
        string folder = images.Features.NativeFolder;
        Assert.All(s_files, file => Assert.True(File.Exists(Path.Combine(folder, file)), file));
    }

    [Fact]
    public void Depends_on_no_library()
    {
        string output = new Run("readelf", "-dW", Library).Start().ExpectSuccess().Output;
        Assert.DoesNotContain("NEEDED", output);
        Assert.Contains("BIND_NOW", output);
    }

    [Fact]
    public void Debug_file_has_lines_of_csharp()
    {
        string output = new Run("readelf", "--debug-dump=decodedline", Library + ".debug").Start().Output;
        Assert.Contains("Features.cs", output);
        output = new Run("readelf", "-SW", Library).Start().Output;
        Assert.Contains(".gnu_debuglink", output);
        Assert.DoesNotContain(".debug_line", output);
    }

    [Fact]
    public void Second_build_does_nothing_and_clean_removes_all()
    {
        Assert.Equal(0, images.Run("build", "features", "again").ExitCode);
        Build second = images.Run("build", "features", "again");
        Assert.Equal(0, second.ExitCode);
        Assert.DoesNotContain("fast path of", second.Output);

        Assert.Equal(0, images.Run("clean", "features", "again").ExitCode);
        Assert.Empty(Directory.GetFiles(second.NativeFolder));
    }

    [Fact]
    public void Links_into_a_static_program_and_stops_it_where_dotnet_would_throw()
    {
        string program = Link(images.Features);
        _ = new Run(program).Start().ExpectSuccess();
        _ = new Run(program, "beyond").Start().Expect(IllegalInstruction);
    }

    [Fact]
    public void A_failed_assertion_reports_its_condition_and_stops_only_images_with_assertions()
    {
        _ = new Run(Link(images.Features), "assert", "3").Start().ExpectSuccess();
        Assert.True(images.WithAssertions.ExitCode == 0, images.WithAssertions.Output);

        string program = Link(images.WithAssertions);
        _ = new Run(program, "assert", "2").Start().Clean();
        Assert.Equal(
            "Assertion failed: IsEven(value)\n",
            new Run(program, "assert", "3").Start().Expect(IllegalInstruction).Errors);
    }

    [Fact]
    public void Assembly_sees_the_layout_of_a_struct() =>
        Assert.Equal(Features.PlacedOffset, ((delegate* unmanaged<nint>)images.Function("placed_offset"))());

    [Fact]
    public void Each_thread_has_its_own_word()
    {
        var swap = (delegate* unmanaged<nint, nint>)images.Function("swap_thread_word");
        nint here = 0, other = 0, none = 0;
        var thread = new Thread(() =>
        {
            none = swap(0x1000);
            other = swap(none);
        });

        here = swap(0x2000);
        thread.Start();
        thread.Join();

        Assert.NotEqual(0, none);
        Assert.Equal(none, here);
        Assert.Equal(0x1000, other);
        Assert.Equal(0x2000, swap(none));
    }

    [Fact]
    public void An_alias_is_the_same_function() =>
        Assert.Equal(images.Function("swap_thread_word"), images.Function("swap_thread_word_alias"));

    [Fact]
    public void A_system_call_takes_six_arguments_and_returns_the_result_of_the_kernel()
    {
        const int MapMemory = 9, UnmapMemory = 11, InvalidArgument = 22;
        const int ReadWrite = 3, PrivateAnonymous = 0x22;
        nint function = images.Function("system_call");
        var call = (delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, nint>)function;

        nint memory = call(MapMemory, 0, 4096, ReadWrite, PrivateAnonymous, -1, 0);
        *(long*)memory = 42;
        Assert.Equal(0, call(UnmapMemory, memory, 4096, 0, 0, 0, 0));
        Assert.Equal(-InvalidArgument, call(UnmapMemory, 1, 4096, 0, 0, 0, 0));
        Assert.Equal(-InvalidArgument, call(MapMemory, 0, 4096, ReadWrite, PrivateAnonymous, -1, 1));
    }

    [Fact]
    public void A_weak_symbol_is_called_if_the_process_has_it_and_otherwise_null()
    {
        Assert.Equal(Environment.ProcessId, ((delegate* unmanaged<nint>)images.Function("call_weak"))());
        Assert.Equal(0, ((delegate* unmanaged<nint>)images.Function("look_for_absent"))());
    }

    [Fact]
    public void A_function_is_called_by_its_address_with_six_arguments()
    {
        delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint> weigh = &Weigh;
        var call = (delegate* unmanaged<void*, nint>)images.Function("sum_of_six");
        Assert.Equal(123_456, call(weigh));
    }

    [UnmanagedCallersOnly]
    private static nint Weigh(nint a, nint b, nint c, nint d, nint e, nint f) =>
        (((((((((a * 10) + b) * 10) + c) * 10) + d) * 10) + e) * 10) + f;

    private static string Link(Build build)
    {
        string program = Path.Combine(build.NativeFolder, "program");
        string source = Path.Combine(Build.ImageFolder("features"), "program.c");
        string archive = Path.Combine(build.NativeFolder, "libfeatures.a");
        return NativeCompiler.Compile("cc", program, "-static", source, archive);
    }

    private string Library => Path.Combine(images.Features.NativeFolder, "libfeatures.so");
}
