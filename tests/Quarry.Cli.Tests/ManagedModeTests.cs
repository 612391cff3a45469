using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Errors;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>Errors with native memory that .NET programs make: reports name the methods.</summary>
public sealed class ManagedModeTests : IDisposable
{
    private const int Abort = 128 + 6;

    // The runtime itself has thousands of blocks in use.
    private const string Guards = "guard_interval:1,guard_blocks:16384";
    private const string Method = @"    Quarry\.Faulty\.Program\.";
    private const string Free = @"    System\.Runtime\.InteropServices\.NativeMemory\.Free  \(.*\)\n";

    private static readonly string s_program = Repository.Built("Faulty", "Faulty.dll");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("guarded")]
    [InlineData("checked")]
    public void A_second_free_is_reported_with_the_methods_that_freed_and_allocated(string mode)
    {
        Outcome result = Run(mode, "free-twice");
        Assert.Equal(5, result.ExitCode);
        Assert.Matches(
            @"double free in process \d+: call with .*\n  by thread \d+:\n" + Free
            + Method + @"DropAgain  \(Program\.cs:\d+\)\n"
            + Method + @"Main  \(Program\.cs:\d+\)\n(    .*\n)*"
            + @"  freed by thread \d+:\n" + Free + Method + @"Drop  \(Program\.cs:\d+\)\n(    .*\n)*"
            + @"  allocated by thread \d+:\n    .*\n" + Method + @"Make  \(Program\.cs:\d+\)\n",
            result.Errors);
    }

    [Fact]
    public void A_process_that_ends_by_the_error_is_asked_for_its_methods_before()
    {
        Outcome result = Run("guarded", "use-after-free");
        Assert.Equal(Abort, result.ExitCode);
        Assert.Matches(
            @"use after free in process \d+: write at .*\n  by thread \d+:\n(    .*\n)*?"
            + Method + @"Use  \(Program\.cs:\d+\)\n(    .*\n)*"
            + @"  freed by thread \d+:\n" + Free + Method + @"Drop  \(Program\.cs:\d+\)\n",
            result.Errors);
        Assert.Matches(
            @"double free in process \d+: .*\n  by thread \d+:\n" + Free + Method + "DropAgain",
            Run("hardened", "free-twice").Errors);
    }

    [Fact]
    public void Errors_that_are_found_at_exit_are_named()
    {
        Outcome result = Run("checked", "use-after-free");
        Assert.Equal(5, result.ExitCode);
        Assert.Matches(
            @"write after free, found later in process \d+: write at .*\n(    .*\n|  by .*\n)*"
            + @"  freed by thread \d+:\n" + Free + Method + @"Drop  \(Program\.cs:\d+\)\n(    .*\n)*"
            + @"  allocated by thread \d+:\n    .*\n" + Method + @"Make  \(Program\.cs:\d+\)\n",
            result.Errors);
    }

    [Fact]
    public void The_json_report_has_the_errors_with_names()
    {
        string file = _folder.File("report.json");
        _ = Tool.Run("run", "--mode", "checked", "--json=" + file, "--", "dotnet", s_program, "overrun");
        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(file));
        JsonElement error = Assert.Single(report.RootElement.GetProperty("errors").EnumerateArray());
        Assert.Equal("overflow_found", error.GetProperty("error").GetString());
        Assert.Equal(48, error.GetProperty("size").GetInt32());
        JsonElement[] stacks = [.. error.GetProperty("stacks").EnumerateArray()];
        Assert.Equal(["by", "allocated by"], stacks.Select(s => s.GetProperty("what").GetString()));
        JsonElement make = stacks[1].GetProperty("frames")[1];
        Assert.Equal("Quarry.Faulty.Program.Make", make.GetProperty("function").GetString());
        Assert.Equal("Faulty.dll", Path.GetFileName(make.GetProperty("module").GetString()));
        Assert.Equal("Program.cs", Path.GetFileName(make.GetProperty("file").GetString()));
        Assert.True(make.GetProperty("line").GetInt32() > 0);
    }

    [Fact]
    public void A_stack_without_frames_is_said_to_be_unknown()
    {
        MemoryError<NamedFrame> error = new()
        {
            Error = "double_free",
            Title = "double free",
            Access = "call",
            Address = 16,
            Process = 1,
            Stacks = [new ErrorStack<NamedFrame> { What = "by", Thread = 2, Frames = [] }],
        };
        using StringWriter text = new() { NewLine = "\n" };
        ErrorView.Write(text, [error]);
        Assert.Equal(
            "\ndouble free in process 1: call with 0x10\n  by thread 2, at an unknown stack\n",
            text.ToString());
    }

    private static Outcome Run(string mode, string fault) => Tool.Run(
        "run", "--mode", mode, "--conf", Guards, "--", "dotnet", s_program, fault);
}
