using System;
using System.IO;
using System.Linq;
using Quarry.Tools;
using Quarry.Tools.Allocators;
using Quarry.Tools.Elf;
using Quarry.Tools.Running;

namespace Quarry.Cli.Allocators;

/// <summary>Quarry's heap for the objects of a .NET program, in one of its modes.</summary>
internal sealed record ManagedHeap(string Mode)
{
    internal const string Library = "libquarrygc.so";

    private const string Hook = "libquarrygc.hook.dll";

    private static readonly string[] s_modes = ["bump", "counting", "tracing", "collect", "null"];

    internal static ManagedHeap Named(string mode) => s_modes.Contains(mode)
        ? new ManagedHeap(mode)
        : throw new QuarryException($"invalid --managed '{mode}': expected {string.Join(", ", s_modes)}");

    /// <summary>Sets the environment of a .NET program so that it and its children use the heap.</summary>
    internal void Serve(ProgramCall call, EnvironmentBlock environment)
    {
        if (ElfFile.Read(call.Path) is not null && !IsDotNet(call.Path))
        {
            throw new QuarryException(
                $"{call.Path} is not a .NET program: --managed needs 'dotnet' or an apphost");
        }

        environment.Set("DOTNET_GCPath", NativeFolder.Get(Library));
        environment.Set("DOTNET_QuarryGCMode", Mode);
        if (Mode is "counting" or "tracing")
        {
            environment.Prepend("DOTNET_STARTUP_HOOKS", NativeFolder.Get(Hook), Path.PathSeparator);
        }
    }

    /// <summary>
    /// Determines whether an executable starts the runtime: all that do contain the name of its resolver. A
    /// script may start anything, and is accepted.
    /// </summary>
    private static bool IsDotNet(string path) => File.ReadAllBytes(path).AsSpan().IndexOf("hostfxr"u8) >= 0;
}
