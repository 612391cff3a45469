namespace Quarry.Malloc;

/// <summary>What happens when a request cannot be met.</summary>
internal static unsafe class Failures
{
    /// <summary>
    /// The program's own handler: gets size, alignment and its argument; true to try again.
    /// </summary>
    private static nuint s_handler;
    private static nint s_handlerArgument;

    /// <summary>Installs a handler for exhaustion; null removes it.</summary>
    internal static void SetHandler(void* handler, nint argument)
    {
        s_handlerArgument = argument;
        Atomic.Write(ref s_handler, (nuint)handler);
    }

    internal static bool OnExhausted(void* state, nuint size, nuint alignment)
    {
        void* handler = (void*)Atomic.Read(ref s_handler);
        // A bool is a byte; what is above it in the register means nothing.
        if (handler != null && (byte)LibC.Call(handler, (nint)size, (nint)alignment, s_handlerArgument) != 0)
        {
            return true;
        }

        Errno.Value = Errno.NoMemory;
        return false;
    }

    internal static void OnForeign(void* address)
    {
        ForeignBlock.Report(address, Options.AbortOnForeign);
        if (Options.AbortOnForeign)
        {
            if (LibC.Abort() != null)
            {
                _ = LibC.Call(LibC.Abort());
            }

            Os.Abort();
        }
    }
}
