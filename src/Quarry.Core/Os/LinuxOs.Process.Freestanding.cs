namespace Quarry;

/// <content>The process: its names, its folder, and its rights.</content>
internal static unsafe partial class LinuxOs
{
    private const nint CallGetcwd = 79, CallPrctl = 157;
    private const nint CallGetuid = 102, CallGetgid = 104, CallGeteuid = 107, CallGetegid = 108;
    private const nint GetDumpable = 3, Dumpable = 1;

    internal static int ParentProcessId() => (int)SystemCall(CallGetppid, 0, 0, 0, 0, 0, 0);

    /// <summary>Reads the path of the program, without a zero byte at the end.</summary>
    /// <returns>The number of bytes; 0 if it is unknown.</returns>
    internal static nuint ExecutablePath(byte* path, nuint size)
    {
        fixed (byte* link = "/proc/self/exe\0"u8)
        {
            nint length = SystemCall(CallReadlink, (nint)link, (nint)path, (nint)size, 0, 0, 0);
            return length < 0 ? 0 : (nuint)length;
        }
    }

    /// <summary>
    /// Reads the path of the working folder, with a zero byte at the end; false if it has none that is valid.
    /// </summary>
    internal static bool TryGetCurrentFolder(byte* path, nuint size) =>
        SystemCall(CallGetcwd, (nint)path, (nint)size, 0, 0, 0, 0) > 0 && *path == '/';

    /// <summary>
    /// Determines whether the program has rights that its caller lacks, such as a setuid program, or one with
    /// file capabilities: the kernel makes those undumpable.
    /// </summary>
    internal static bool HasElevatedRights() =>
        SystemCall(CallGetuid, 0, 0, 0, 0, 0, 0) != SystemCall(CallGeteuid, 0, 0, 0, 0, 0, 0)
        || SystemCall(CallGetgid, 0, 0, 0, 0, 0, 0) != SystemCall(CallGetegid, 0, 0, 0, 0, 0, 0)
        || SystemCall(CallPrctl, GetDumpable, 0, 0, 0, 0, 0) != Dumpable;
}
