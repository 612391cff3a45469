using System.Collections.Frozen;
using System.IO;

namespace Quarry.Cli.Profiles.Model;

/// <summary>Recognizes the native parts of the .NET runtime.</summary>
internal static class RuntimeModules
{
    private static readonly FrozenSet<string> s_names = FrozenSet.Create(
        "libcoreclr.so", "libclrjit.so", "libclrgc.so", "libclrgcexp.so", "libhostfxr.so",
        "libhostpolicy.so", "libcoreclrtraceptprovider.so", "libmscordaccore.so", "libmscordbi.so",
        "libSystem.Native.so", "dotnet");

    internal static FrameKind KindOf(string modulePath) =>
        modulePath.StartsWith('[') ? FrameKind.Kernel
        : s_names.Contains(Path.GetFileName(modulePath)) ? FrameKind.Runtime
        : FrameKind.Native;
}
