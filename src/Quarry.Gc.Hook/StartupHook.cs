using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Quarry.Gc.Hook;

/// <summary>
/// The class that the runtime calls before the program (<c>DOTNET_STARTUP_HOOKS</c>), which prescribes its
/// name and that of its method.
/// </summary>
internal static class StartupHook
{
    private static readonly PosixSignal[] s_signals =
        [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP];

    // Kept reachable, because a registration ends with its object.
    private static readonly List<PosixSignalRegistration> s_registrations = [];

    /// <summary>
    /// Registers the report for every way in which a program can end, except for SIGKILL.
    /// </summary>
    internal static void Initialize()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Report.WriteOnce();
        AppDomain.CurrentDomain.UnhandledException += static (_, _) => Report.WriteOnce();
        Report.AwaitAbort();
        foreach (PosixSignal signal in s_signals)
        {
            s_registrations.Add(PosixSignalRegistration.Create(signal, ReportUnlessHandled));
        }
    }

    // Since .NET 10, a signal that the program does not handle terminates it without an event. Handlers are
    // called in reverse order of registration, so those of the program have already decided.
    private static void ReportUnlessHandled(PosixSignalContext context)
    {
        if (!context.Cancel)
        {
            // A program that was started with SIGTERM ignored continues, and reports again when it exits.
            Report.Write();
        }
    }
}
