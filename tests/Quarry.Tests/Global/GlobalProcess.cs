using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Quarry.Sdk.Tests;

namespace Quarry.Tests;

/// <summary>A run of the program whose allocator is chosen, which a process does once.</summary>
/// <param name="ExitCode">Exit code of the program.</param>
/// <param name="Lines">What it printed, a line a step.</param>
/// <param name="Errors">What it wrote to its error output.</param>
internal sealed record GlobalProcess(int ExitCode, string[] Lines, string Errors)
{
    private static readonly string s_configuration =
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private static readonly string s_program = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../Quarry.GlobalProgram", s_configuration, "Quarry.GlobalProgram.dll"));

    /// <param name="allocator">What its runtimeconfig.json says of the allocator, if anything.</param>
    /// <param name="steps">The steps it is to take.</param>
    internal static GlobalProcess Run(string? allocator, params string[] steps)
    {
        string config = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.runtimeconfig.json");
        try
        {
            File.WriteAllText(config, JsonSerializer.Serialize(new
            {
                runtimeOptions = new
                {
                    framework = new
                    {
                        name = "Microsoft.NETCore.App",
                        version = Environment.Version.ToString(3),
                    },
                    configProperties = allocator == null
                        ? []
                        : new Dictionary<string, string> { [GlobalChoice.Switch] = allocator },
                },
            }));
            return Start(["exec", "--runtimeconfig", config, s_program, .. steps]);
        }
        finally
        {
            File.Delete(config);
        }
    }

    private static GlobalProcess Start(string[] arguments)
    {
        Result result = Execution.Run("dotnet", arguments, ("DOTNET_DbgEnableMiniDump", "0"));
        return new GlobalProcess(
            result.ExitCode, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), result.Errors);
    }
}
