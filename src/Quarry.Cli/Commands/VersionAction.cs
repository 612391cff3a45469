using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Quarry.Cli.Commands;

/// <summary>Prints name and version in one line, without the commit.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        string version = typeof(VersionAction).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        parseResult.InvocationConfiguration.Output.WriteLine("quarry " + version);
        return 0;
    }
}
