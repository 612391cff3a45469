namespace Quarry.Malloc;

/// <summary>Ends the process by <c>SIGABRT</c>.</summary>
internal static unsafe class ProcessAbort
{
    // The C library's abort does not flush streams, but runs the program's SIGABRT handler.
    internal static void Raise()
    {
        if (LibC.Abort() != null)
        {
            _ = NativeCall.Invoke(LibC.Abort());
        }

        Os.Abort();
    }
}
