using System.Collections.Generic;
using System.Linq;
using Quarry.Tools.Running;

namespace Quarry.Cli.BeforeMain;

/// <summary>Represents a language whose programs can be measured if its tools are installed.</summary>
/// <param name="name">The name for --language.</param>
/// <param name="title">The name for display.</param>
/// <param name="tools">The programs of which one is required, in order of preference.</param>
/// <param name="advice">Instructions for installing one.</param>
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

    /// <summary>Gets the reason for skipping the language if no tool is installed.</summary>
    internal string MissingTools => $"requires {string.Join(" or ", tools)} ({advice})";

    /// <summary>Returns the preferred tool that is installed; null if there is none.</summary>
    internal string? FindTool() => tools.FirstOrDefault(ProgramFinder.IsThere);

    /// <summary>Creates the program whose constructs are measured.</summary>
    internal abstract ProbeProgram Prepare(string tool, ProbeRunner runner);
}
