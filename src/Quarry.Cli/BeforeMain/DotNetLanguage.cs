using System.Globalization;
using Quarry.Cli.Allocators;
using Quarry.Tools.Allocators;
using Quarry.Tools.Benchmarking;
using Quarry.Tools.Running;

namespace Quarry.Cli.BeforeMain;

/// <summary>Represents C# on .NET, whose program is distributed compiled.</summary>
internal sealed class DotNetLanguage()
    : Language("dotnet", ".NET", ["dotnet"], "apt install dotnet-runtime-10.0, or https://dot.net/download")
{
    private const string Program = "quarry-probe.dll";

    internal override ProbeProgram Prepare(string tool, ProbeRunner runner)
    {
        string program = NativeFolder.Get(Program);
        string[] lines = runner.ReadLines(ProgramCall.Of(tool, program, "list"));
        return new ProbeProgram(lines[0], lines[1..], number => number is null
            ? ProgramCall.Of(tool, program)
            : ProgramCall.Of(tool, program, number.Value.ToString(CultureInfo.InvariantCulture)))
        {
            CountObjects = () => CountObjects(tool, program, runner),
        };
    }

    /// <summary>
    /// Counts objects by the census of Quarry's managed heap, the only exact count; returns null if the
    /// runtime does not load that heap.
    /// </summary>
    private static long? CountObjects(string tool, string program, ProbeRunner runner)
    {
        string heap = NativeFolder.Get(ManagedHeap.Library);
        try
        {
            string distance = Count()[0];
            return long.Parse(Count(distance)[0], CultureInfo.InvariantCulture);
        }
        catch (RunFailedException)
        {
            return null;
        }

        string[] Count(params string[] words) => runner.ReadLines(
            ProgramCall.Of([tool, program, "objects", heap, .. words]), ("DOTNET_GCPath", heap));
    }
}
