using System.Globalization;
using Quarry.Cli.Allocators;
using Quarry.Cli.Benchmarking;
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
            : ProgramCall.Of(tool, program, number.Value.ToString(CultureInfo.InvariantCulture)))
        {
            CountObjects = () => CountObjects(tool, program, runner),
        };
    }

    /// <summary>
    /// Objects have no other exact count than the census of our heap; null where the runtime does not take
    /// it.
    /// </summary>
    private static long? CountObjects(string tool, string program, ProbeRunner runner)
    {
        string heap = NativeFolder.Get(ManagedHeap.Library);
        try
        {
            string distance = Ask()[0];
            return long.Parse(Ask(distance)[0], CultureInfo.InvariantCulture);
        }
        catch (RunFailedException)
        {
            return null;
        }

        string[] Ask(params string[] words) => runner.Ask(
            ProgramCall.Of([tool, program, "objects", heap, .. words]), ("DOTNET_GCPath", heap));
    }
}
