using System;
using System.Text;
using Quarry.Tools.Posix;

namespace Quarry.Tools.Running;

/// <summary>
/// Starts a child with posix_spawn: same process group and terminal, the caller's signal mask, descriptors
/// inherited except those named. System.Diagnostics.Process would reconfigure the terminal and the signals.
/// </summary>
internal sealed unsafe class ProcessSpawner : IDisposable
{
    // Both C libraries need less; the real sizes are 80 and 336 bytes.
    private const int ActionsSize = 256;
    private const int AttributesSize = 1024;

    private readonly byte[] _actions = GC.AllocateArray<byte>(ActionsSize, pinned: true);
    private readonly byte[] _attributes = GC.AllocateArray<byte>(AttributesSize, pinned: true);
    private SignalSet _defaults;

    internal ProcessSpawner()
    {
        _ = Libc.SpawnFileActionsInit(Actions);
        _ = Libc.SpawnAttributesInit(Attributes);
        _defaults.Add(Constants.SIGPIPE);

        // glibc has children of posix_spawn ignore the two signals it keeps for itself, unless told
        // otherwise.
        _defaults.Add(Constants.SIGCANCEL);
        _defaults.Add(Constants.SIGSETXID);
    }

    private byte* Actions => Address(_actions);

    private byte* Attributes => Address(_attributes);

    /// <summary>The child gets <paramref name="from"/> as <paramref name="to"/>.</summary>
    internal void Duplicate(int from, int to) => _ = Libc.SpawnFileActionsAddDup2(Actions, from, to);

    /// <summary>The child gets a file as <paramref name="descriptor"/>.</summary>
    internal void Open(int descriptor, string path, int flags) =>
        _ = Libc.SpawnFileActionsAddOpen(Actions, descriptor, path, flags, 0x180);

    /// <summary>Starts the program; throws with the shell's exit code when the kernel refuses it.</summary>
    internal ChildProcess Start(ProgramCall call, EnvironmentBlock environment)
    {
        InheritedState.RestoreOpenFileLimit();
        fixed (SignalSet* defaults = &_defaults)
        {
            _ = Libc.SpawnAttributesSetDefaultSignals(Attributes, defaults);
        }

        _ = Libc.SpawnAttributesSetFlags(Attributes, Constants.POSIX_SPAWN_SETSIGDEF);

        InheritedState.StopIgnoringChildren();
        int error = Start(call, environment, out int process);
        if (error == Constants.ENOEXEC)
        {
            error = Start(call.ThroughShell(), environment, out process);
        }

        return error == 0 ? new ChildProcess(process) : throw ProgramExecution.Refusal(call, error);
    }

    public void Dispose() => _ = Libc.SpawnFileActionsDestroy(Actions);

    private int Start(ProgramCall call, EnvironmentBlock environment, out int process)
    {
        using NativeStrings arguments = new(call.Arguments);
        using NativeStrings variables = new(environment.Entries);
        int id;
        int error;
        fixed (byte* path = Encoding.UTF8.GetBytes(call.Path + "\0"))
        {
            error = Libc.Spawn(&id, path, Actions, Attributes, arguments.Pointer, variables.Pointer);
        }

        process = id;
        return error;
    }

    // The arrays are pinned for life, so their address may leave the fixed block.
    private static byte* Address(byte[] pinned)
    {
        fixed (byte* address = pinned)
        {
            return address;
        }
    }
}
