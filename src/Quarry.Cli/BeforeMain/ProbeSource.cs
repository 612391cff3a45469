using System.IO;

namespace Quarry.Cli.BeforeMain;

/// <summary>Reads the embedded sources of programs.</summary>
internal static class ProbeSource
{
    internal static string Read(string name)
    {
        using Stream stream = typeof(ProbeSource).Assembly.GetManifestResourceStream("Probes/" + name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
