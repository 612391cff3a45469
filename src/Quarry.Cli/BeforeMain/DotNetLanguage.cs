using System.Globalization;
using Quarry.Cli.Allocators;
using Quarry.Cli.Running;

namespace Quarry.Cli.BeforeMain;

/// <summary>C# on .NET; its program comes compiled.</summary>
internal sealed class DotNetLanguage()
    : Language("dotnet", ".NET", ["dotnet"], "apt install dotnet-runtime-10.0, or https://dot.net/download")
{
    private const string Program = "quarry-probe.dll";

    internal override ProbeProgram Prepare(string tool, ProbeRunner runner)
    {
        string program = NativeFolder.Get(Program);
        string[] lines = runner.Ask(ProgramCall.Of(tool, program, "list"));
        return new ProbeProgram(lines[0], lines[1..], number => number is null
            ? ProgramCall.Of(tool, program)
            : ProgramCall.Of(tool, program, number.Value.ToString(CultureInfo.InvariantCulture)));
    }
}
