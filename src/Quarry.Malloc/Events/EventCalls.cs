using System.Runtime;

namespace Quarry.Malloc;

/// <summary>Calls the project's <see cref="IProcessEvents"/> type before <c>main</c> and at exit.</summary>
internal static class EventCalls
{
    [RuntimeExport("quarry_at_main")]
    internal static void OnMain() => ProcessEvents.OnMain();

    [RuntimeExport("quarry_at_exit")]
    internal static void OnExit() => ProcessEvents.OnExit();
}
