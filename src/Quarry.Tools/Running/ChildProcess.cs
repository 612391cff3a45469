using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Threading;
using Quarry.Tools.Posix;

namespace Quarry.Tools.Running;

/// <summary>A child until it is reaped. Signals may come from any thread.</summary>
internal sealed unsafe class ChildProcess(int id)
{
    private readonly Lock _lock = new();
    private bool _ended;

    internal int Id => id;

    /// <summary>
    /// Sends a signal, unless the child has ended: its number could already be another process.
    /// </summary>
    internal void Signal(int signal)
    {
        lock (_lock)
        {
            if (!_ended)
            {
                _ = Libc.Kill(id, signal);
            }
        }
    }

    /// <summary>Waits for the end and takes the child out of the process table.</summary>
    internal ProcessEnd Wait(out ResourceUsage usage)
    {
        // First wait without reaping: until _ended is set the number must stay taken.
        byte* information = stackalloc byte[128];
        while (Libc.WaitId(Constants.P_PID, id, information, Constants.WEXITED | Constants.WNOWAIT) != 0)
        {
            ThrowUnlessInterrupted();
        }

        lock (_lock)
        {
            _ended = true;
        }

        int status;
        ResourceUsage counted = default;
        while (Libc.Wait4(id, &status, 0, &counted) != id)
        {
            ThrowUnlessInterrupted();
        }

        usage = counted;
        return new ProcessEnd(status);
    }

    private static void ThrowUnlessInterrupted()
    {
        int error = Marshal.GetLastPInvokeError();
        if (error != Constants.EINTR)
        {
            throw new InvalidOperationException("The child cannot be waited for.", new Win32Exception(error));
        }
    }
}
