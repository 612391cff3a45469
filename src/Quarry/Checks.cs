using System;

namespace Quarry;

/// <summary>Whether the library checks what costs time to check.</summary>
/// <remarks>
/// The package switches it on for Debug builds of the application; the property <c>QuarryChecked</c> of a
/// project, or the switch <c>Quarry.Checked</c> in <c>runtimeconfig.json</c>, decides otherwise. The JIT
/// treats the value as a constant, so what is switched off costs nothing.
/// </remarks>
internal static class Checks
{
    internal const string Switch = "Quarry.Checked";

    internal static readonly bool Enabled = AppContext.TryGetSwitch(Switch, out bool enabled) && enabled;
}
