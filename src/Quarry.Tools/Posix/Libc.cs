using System.Runtime.InteropServices;

namespace Quarry.Tools.Posix;

/// <summary>The C library as it is: what .NET does not offer or would not do without side effects.</summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "execve", SetLastError = true)]
    internal static partial int Execve(byte* path, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "_exit")]
    internal static partial void ExitAtOnce(int code);

    [LibraryImport(Library, EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Access(string path, int mode);

    [LibraryImport(Library, EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport(Library, EntryPoint = "isatty")]
    internal static partial int IsATty(int descriptor);

    [LibraryImport(Library, EntryPoint = "ioctl")]
    internal static partial int Ioctl(int descriptor, nuint request, ushort* windowSize);

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    internal static partial int Pipe2(int* descriptors, int flags);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "tcgetattr", SetLastError = true)]
    internal static partial int GetTerminalMode(int descriptor, TerminalMode* mode);

    [LibraryImport(Library, EntryPoint = "tcsetattr", SetLastError = true)]
    internal static partial int SetTerminalMode(int descriptor, int when, TerminalMode* mode);

    [LibraryImport(Library, EntryPoint = "fcntl")]
    internal static partial int Fcntl(int descriptor, int command, int argument);

    [LibraryImport(Library, EntryPoint = "kill")]
    internal static partial int Kill(int process, int signal);

    [LibraryImport(Library, EntryPoint = "signal")]
    internal static partial nint Signal(int signal, nint disposition);

    [LibraryImport(Library, EntryPoint = "pthread_sigmask")]
    internal static partial int ThreadSignalMask(int how, SignalSet* set, SignalSet* old);

    [LibraryImport(Library, EntryPoint = "prctl")]
    internal static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport(Library, EntryPoint = "setrlimit")]
    internal static partial int SetResourceLimit(int resource, ulong* currentAndMaximum);

    [LibraryImport(Library, EntryPoint = "getrlimit")]
    internal static partial int GetResourceLimit(int resource, ulong* currentAndMaximum);

    [LibraryImport(Library, EntryPoint = "wait4", SetLastError = true)]
    internal static partial int Wait4(int process, int* status, int options, ResourceUsage* usage);

    [LibraryImport(Library, EntryPoint = "waitid", SetLastError = true)]
    internal static partial int WaitId(int idType, int id, byte* information, int options);

    // The posix_spawn family returns the error number instead of setting errno.

    [LibraryImport(Library, EntryPoint = "posix_spawn")]
    internal static partial int Spawn(
        int* process, byte* path, byte* fileActions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    internal static partial int SpawnAttributesInit(byte* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SpawnAttributesSetFlags(byte* attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int SpawnAttributesSetDefaultSignals(byte* attributes, SignalSet* set);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int SpawnFileActionsInit(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int SpawnFileActionsDestroy(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int SpawnFileActionsAddDup2(byte* actions, int from, int to);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen",
        StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SpawnFileActionsAddOpen(byte* actions, int descriptor, string path, int flags,
        uint mode);
}
