using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Quarry.Cli.Commands;

/// <summary>Prints name and version in one line, without the commit.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    internal static string Version { get; } = typeof(VersionAction).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine("quarry " + Version);
        return 0;
    }
}
