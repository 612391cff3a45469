using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Quarry.Tests;

/// <summary>Runs the program whose allocator is chosen, which a process does once.</summary>
internal static class GlobalProcess
{
    private static readonly string s_program =
        Repository.Built("Quarry.GlobalProgram", "Quarry.GlobalProgram.dll");

    /// <param name="allocator">What its runtimeconfig.json says of the allocator, if anything.</param>
    /// <param name="steps">The steps it is to take.</param>
    internal static Outcome Run(string? allocator, params string[] steps)
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
            return new Run(DotNet.Host, ["exec", "--runtimeconfig", config, s_program, .. steps])
                .With("DOTNET_DbgEnableMiniDump", "0").Start();
        }
        finally
        {
            File.Delete(config);
        }
    }
}
