using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Freestanding.Tests;

/// <summary>The compiler for arm64 and the emulator, which a machine may have or not.</summary>
internal static class Arm64
{
    private const string Triple = "aarch64-linux-gnu";

    private static readonly string s_compiler = $"{Triple}-gcc";

    /// <summary>Skips the test on a machine without the compiler, which names the package.</summary>
    public static void RequireCompiler() =>
        Assert.SkipUnless(IsInstalled(s_compiler), $"{s_compiler} is not installed (gcc-{Triple})");

    /// <summary>Compiles a C program of the image features, with options after the source.</summary>
    public static string Compile(Build build, string source, params string[] options)
    {
        string program = Path.Combine(build.NativeFolder, Path.GetFileNameWithoutExtension(source));
        string path = Path.Combine(Build.ImageFolder("features"), source);
        (int exitCode, string output) = Build.Execute(s_compiler, [path, .. options, "-o", program]);
        Assert.True(exitCode == 0, output);
        return program;
    }

    /// <summary>Runs a program for arm64 under the emulator.</summary>
    public static (int ExitCode, string Output) Run(string program, string[] arguments, string input = "")
    {
        Assert.SkipUnless(IsInstalled("qemu-aarch64"), "qemu-aarch64 is not installed (qemu-user)");
        return Build.Execute("qemu-aarch64", ["-L", $"/usr/{Triple}", program, .. arguments], input: input);
    }

    public static bool IsInstalled(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));
}
