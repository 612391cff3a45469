using System;
using System.Globalization;
using System.Linq;
using Quarry.Probe;
using Quarry.Tools.Running;

namespace Quarry.Cli.BeforeMain;

/// <summary>Represents Python, with a script for each construct.</summary>
internal sealed class PythonLanguage()
    : Language("python", "Python", ["python3"], "apt install python3")
{
    // The size of the header of a bytes object, which a script marks a moment with.
    private const int Header = 33;

    private static readonly string s_mark =
        string.Create(CultureInfo.InvariantCulture, $"bytes({Mark.Size - Header})\n");

    internal override ProbeProgram Prepare(string tool, ProbeRunner runner)
    {
        // The program found may be a script that starts the interpreter.
        string python = runner.ReadLines(ProgramCall.Of(tool, "-c", "import sys; print(sys.executable)"))[0];
        string version = runner.ReadLines(ProgramCall.Of(python, "--version"))[0];
        (string Code, string Setup)[] constructs =
        [
            .. ProbeSource.Read("probe.py").Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith('#'))
                .Select(line => line.Split("  # "))
                .Select(parts => (parts[0], parts.Length > 1 ? parts[1] : "")),
        ];

        string nothing = runner.Write("probe.py", s_mark);
        string[] scripts =
        [
            .. constructs.Select((c, i) => runner.Write(
                string.Create(CultureInfo.InvariantCulture, $"probe{i}.py"),
                $"{s_mark}{c.Setup}\n" + string.Concat(Enumerable.Repeat($"{s_mark}{c.Code}\n{s_mark}", 2)))),
        ];

        // By default Python allocates small objects in its own arenas and not with malloc.
        return new ProbeProgram(version, [.. constructs.Select(c => c.Code)],
            number => ProgramCall.Of(python, number is null ? nothing : scripts[number.Value]),
            ("PYTHONMALLOC", "malloc"));
    }
}
