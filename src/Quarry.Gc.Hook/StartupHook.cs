using System;
using Quarry.Gc.Hook;

/// <summary>
/// What the runtime calls before the program, as <c>DOTNET_STARTUP_HOOKS</c> says. The name is the runtime's.
/// </summary>
internal static class StartupHook
{
    /// <summary>Has the census written when the program ends.</summary>
    internal static void Initialize() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
        Report.Write();
}
