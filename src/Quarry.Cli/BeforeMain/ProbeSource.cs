using System.IO;

namespace Quarry.Cli.BeforeMain;

/// <summary>The programs that are carried as text.</summary>
internal static class ProbeSource
{
    internal static string Read(string name)
    {
        using Stream stream = typeof(ProbeSource).Assembly.GetManifestResourceStream("Probes/" + name)!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
