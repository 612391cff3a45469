using System;
using System.Globalization;
using Quarry.Probe;
using Quarry.Tools.Running;

namespace Quarry.Cli.BeforeMain;

/// <summary>Represents a language whose compiler builds an executable from one file.</summary>
/// <param name="name">The name for --language.</param>
/// <param name="title">The name for display.</param>
/// <param name="compilers">The compilers to look for, in order of preference.</param>
/// <param name="advice">Instructions for installing one.</param>
/// <param name="source">The name of the embedded source file.</param>
/// <param name="options">Options for the compiler.</param>
internal sealed class CompiledLanguage(
    string name, string title, string[] compilers, string advice, string source, params string[] options)
    : Language(name, title, compilers, advice)
{
    internal override ProbeProgram Prepare(string tool, ProbeRunner runner)
    {
        string size = Mark.Size.ToString(CultureInfo.InvariantCulture);
        string text = ProbeSource.Read(source).Replace("MARK_SIZE", size, StringComparison.Ordinal);
        string file = runner.Write(source, text);
        string program = runner.PathOf(source + ".out");
        _ = runner.ReadLines(ProgramCall.Of([tool, .. options, "-o", program, file]));
        string[] constructs = runner.ReadLines(ProgramCall.Of(program, "list"));
        string version = runner.ReadLines(ProgramCall.Of(tool, "--version"))[0];
        return new ProbeProgram(version, constructs, number => number is null
            ? ProgramCall.Of(program)
            : ProgramCall.Of(program, number.Value.ToString(CultureInfo.InvariantCulture)));
    }
}
