using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Running;

namespace Quarry.Cli.BeforeMain;

/// <summary>A language whose programs can be measured where its tools are installed.</summary>
/// <param name="name">Its name, as --language takes it.</param>
/// <param name="title">Its name, as people write it.</param>
/// <param name="tools">Programs of which one is needed, the best first.</param>
/// <param name="advice">How to install one.</param>
internal abstract class Language(string name, string title, string[] tools, string advice)
{
    internal static IReadOnlyList<Language> All { get; } =
    [
        new CompiledLanguage("c", "C", ["gcc", "clang", "cc"], "apt install gcc",
            "probe.c", "-w", "-pthread"),
        new CompiledLanguage("c++", "C++", ["g++", "clang++", "c++"], "apt install g++",
            "probe.cpp", "-w", "-pthread"),
        new CompiledLanguage("rust", "Rust", ["rustc"], "apt install rustc, or https://rustup.rs",
            "probe.rs", "-A", "warnings"),
        new PythonLanguage(),
        new DotNetLanguage(),
    ];

    internal string Name => name;

    internal string Title => title;

    /// <summary>What to tell where none of the tools is found.</summary>
    internal string Missing => $"needs {string.Join(" or ", tools)} ({advice})";

    /// <summary>The best tool that is there; null if none is.</summary>
    internal string? FindTool() => tools.FirstOrDefault(ProgramFinder.IsThere);

    /// <summary>Makes the program whose constructs are measured.</summary>
    internal abstract ProbeProgram Prepare(string tool, ProbeRunner runner);
}
