using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Native.Tests.Harness;

/// <summary>Builds the programs of tests/native, again only when a source or the options changed.</summary>
internal static class Compiler
{
    // No builtins: the compiler may neither remove a pair of malloc and free nor know what either returns.
    // -z now: a thread may be killed anywhere, but not while it binds a symbol.
    private static readonly string[] s_common =
    [
        "-O2", "-g", "-fno-builtin", "-pthread", "-Wall", "-Wextra", "-Werror", "-Wno-alloc-size-larger-than",
        "-Wno-use-after-free", "-Wno-free-nonheap-object", "-Wno-deprecated-declarations", "-Wl,-z,now",
    ];

    private static readonly ConcurrentDictionary<string, Lazy<string>> s_built = new();

    /// <summary>The path of the program made of tests/native/<paramref name="source"/>.</summary>
    public static string Build(string source) => source.EndsWith(".cpp", StringComparison.Ordinal)
        ? Build(source, Path.GetFileNameWithoutExtension(source), "g++", "-std=c++20",
            "-Wno-mismatched-new-delete")
        : Build(source, Path.GetFileNameWithoutExtension(source), "gcc", "-std=gnu17");

    /// <summary>The same by another compiler or with other options, which follow the source.</summary>
    public static string Build(string source, string name, string compiler, params string[] options) =>
        s_built.GetOrAdd(name, _ => new Lazy<string>(() => Compile(source, name, compiler, options))).Value;

    private static string Compile(string source, string name, string compiler, string[] options)
    {
        Assert.True(compiler == "musl-gcc" || Tool.Find(compiler) is not null,
            $"The native tests need {compiler}; please install it.");
        string sourcePath = Path.Combine(Repository.Sources, source);
        string output = Path.Combine(Repository.Artifacts, name);
        string[] arguments = [sourcePath, .. s_common, .. options];
        string command = string.Join(' ', arguments), record = output + ".command";
        string[] inputs = [sourcePath, .. Directory.GetFiles(Repository.Sources, "*.h"),
            .. options.Where(File.Exists)];
        DateTime newest = inputs.Max(File.GetLastWriteTimeUtc);
        if (File.Exists(output) && File.GetLastWriteTimeUtc(output) > newest
            && File.Exists(record) && File.ReadAllText(record) == command)
        {
            return output;
        }

        // Written beside and moved: another test process may be running the program that is there.
        string fresh = NativeCompiler.Compile(compiler, $"{output}.{Environment.ProcessId}", arguments);
        File.Move(fresh, output, overwrite: true);
        File.WriteAllText(record, command);
        return output;
    }
}
