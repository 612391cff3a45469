using System;
using System.Globalization;
using Quarry.Cli.Running;
using Quarry.Probe;

namespace Quarry.Cli.BeforeMain;

/// <summary>A language whose compiler makes one executable of one file.</summary>
/// <param name="name">Its name, as --language takes it.</param>
/// <param name="title">Its name, as people write it.</param>
/// <param name="compilers">The compilers to look for.</param>
/// <param name="advice">How to install one.</param>
/// <param name="source">The file among the carried ones.</param>
/// <param name="options">What the compiler needs besides.</param>
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
        _ = runner.Ask(ProgramCall.Of([tool, .. options, "-o", program, file]));
        string[] constructs = runner.Ask(ProgramCall.Of(program, "list"));
        string version = runner.Ask(ProgramCall.Of(tool, "--version"))[0];
        return new ProbeProgram(version, constructs, number => number is null
            ? ProgramCall.Of(program)
            : ProgramCall.Of(program, number.Value.ToString(CultureInfo.InvariantCulture)));
    }
}
