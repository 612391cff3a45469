using System.Runtime;

namespace Quarry.Malloc;

/// <summary>The ends of a program, for the type that the project names.</summary>
internal static class EventCalls
{
    [RuntimeExport("quarry_at_main")]
    internal static void OnMain() => ProcessEvents.OnMain();

    [RuntimeExport("quarry_at_exit")]
    internal static void OnExit() => ProcessEvents.OnExit();
}
