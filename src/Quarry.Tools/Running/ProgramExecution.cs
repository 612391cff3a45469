using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Quarry.Tools.Posix;

namespace Quarry.Tools.Running;

/// <summary>Becomes the program: same process, nothing stays in between.</summary>
internal static unsafe class ProgramExecution
{
    /// <summary>
    /// Replaces this process. Returns only by throwing, when the kernel refuses the program.
    /// </summary>
    internal static int Replace(ProgramCall call, EnvironmentBlock environment)
    {
        InheritedState.RestoreOpenFileLimit();
        InheritedState.RestoreBrokenPipeSignal();
        InheritedState.RemoveDiagnosticsSocket();
        int error = Execute(call, environment);
        throw Refusal(call, error == Constants.ENOEXEC ? Execute(call.ThroughShell(), environment) : error);
    }

    /// <summary>An error of execve in the words and exit codes of a shell.</summary>
    internal static QuarryException Refusal(ProgramCall call, int error)
    {
        // The file was found before, so what is missing now is what its first line or its header names.
        string reason = error == Constants.ENOENT
            ? "its interpreter or loader is missing"
            : new Win32Exception(error).Message;
        int exitCode = error is Constants.ENOENT or Constants.ENOTDIR
            ? QuarryException.NotFound
            : QuarryException.CannotExecute;
        return new QuarryException(exitCode, $"{call.Path}: cannot be executed: {reason}");
    }

    private static int Execute(ProgramCall call, EnvironmentBlock environment)
    {
        using NativeStrings arguments = new(call.Arguments);
        using NativeStrings variables = new(environment.Entries);
        fixed (byte* path = Encoding.UTF8.GetBytes(call.Path + "\0"))
        {
            _ = Libc.Execve(path, arguments.Pointer, variables.Pointer);
            return Marshal.GetLastPInvokeError();
        }
    }
}
