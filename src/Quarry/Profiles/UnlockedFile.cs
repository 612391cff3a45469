using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Quarry.Profiles;

/// <summary>
/// Opens files without the advisory lock that .NET adds: a reader must not exclude a controller, nor be
/// excluded by one.
/// </summary>
internal static partial class UnlockedFile
{
    private const int ReadWrite = 2, NonBlocking = 0x800, CloseOnExec = 0x80000;
    private const int ExclusiveLock = 2, WithoutWaiting = 4;

    internal static SafeFileHandle Open(string path, FileAccess access)
    {
        if (OperatingSystem.IsLinux())
        {
            // Without waiting for the writer of a pipe.
            int flags = (access == FileAccess.Read ? 0 : ReadWrite) | NonBlocking | CloseOnExec;
            int descriptor = OpenFile(path, flags);
            if (descriptor >= 0)
            {
                return new SafeFileHandle(descriptor, ownsHandle: true);
            }
        }

        // On Linux, this reports why the file could not be opened.
        return File.OpenHandle(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Tries to acquire the lock by which controllers exclude each other.</summary>
    internal static bool TryLock(SafeFileHandle file) =>
        !OperatingSystem.IsLinux() || Lock(file, ExclusiveLock | WithoutWaiting) == 0;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int Lock(SafeFileHandle file, int operation);
}
