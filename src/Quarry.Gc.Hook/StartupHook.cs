using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Quarry.Gc.Hook;

/// <summary>
/// The class that the runtime calls before the program (<c>DOTNET_STARTUP_HOOKS</c>); the names are given.
/// </summary>
internal static class StartupHook
{
    private static readonly PosixSignal[] s_signals =
        [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP];

    // Kept, as a registration ends with its object.
    private static readonly List<PosixSignalRegistration> s_registrations = [];

    /// <summary>Registers the report for every end that a program can have while the runtime works.</summary>
    internal static void Initialize()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Report.WriteOnce();
        AppDomain.CurrentDomain.UnhandledException += static (_, _) => Report.WriteOnce();
        foreach (PosixSignal signal in s_signals)
        {
            s_registrations.Add(PosixSignalRegistration.Create(signal, ReportUnlessHandled));
        }
    }

    // Since .NET 10, a signal that the program does not handle ends it without an event. The last handler
    // that is registered is called first, so that the program's own have decided by now.
    private static void ReportUnlessHandled(PosixSignalContext context)
    {
        if (!context.Cancel)
        {
            // A program that was started with SIGTERM ignored continues, and reports again when it exits.
            Report.Write();
        }
    }
}
