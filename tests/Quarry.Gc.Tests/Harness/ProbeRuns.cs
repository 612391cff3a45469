namespace Quarry.Gc.Tests.Harness;

/// <summary>Runs of the cases of the probe.</summary>
internal static class ProbeRuns
{
    extension(Run)
    {
        /// <summary>Creates a run of a case of the probe on the stock collector.</summary>
        internal static Run Stock(params string[] arguments) =>
            new(DotNet.Host, [Places.Probe, .. arguments]);

        /// <summary>Creates a run of a case of the probe on Quarry's heap.</summary>
        internal static Run Ours(params string[] arguments) => Stock(arguments).On(Places.Heap);

        /// <summary>Creates a run of a shell command, in which <c>$PROBE</c> starts the probe.</summary>
        internal static Run Shell(string line) =>
            new Run("/bin/sh", "-c", line).With("PROBE", $"{DotNet.Host} {Places.Probe}");
    }

    /// <summary>Sets the heap that a .NET program uses.</summary>
    internal static Run On(this Run run, string heap) => run.With("DOTNET_GCPath", heap);
}
