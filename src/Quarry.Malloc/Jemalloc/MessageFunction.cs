using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>The program's function for messages and reports, <c>malloc_message</c>.</summary>
internal static unsafe class MessageFunction
{
    // The ID of the thread that runs the function; 0 if none does.
    private static nuint s_running;

    /// <summary>
    /// Gets <c>void malloc_message(void* argument, const char* text)</c>; null if the program has none.
    /// </summary>
    internal static void* Address => ImageNames.ValueOf(PrefixedVariable(), Variable());

    /// <summary>Passes a message to the function, or writes it to standard error.</summary>
    /// <remarks>
    /// The first messages are written before the heap exists. If the function then allocates, another heap is
    /// created, for which the options are read again; their messages are repetitions, and are dropped.
    /// </remarks>
    internal static void Write(ref TextBuffer text)
    {
        void* function = Address;
        nuint thread = (nuint)Os.ThreadId();
        if (function == null || !Atomic.TryReplace(ref s_running, 0, thread))
        {
            if (function == null || Atomic.Read(ref s_running) != thread)
            {
                StandardError.Write(ref text);
            }

            return;
        }

        text.Append((byte)0);
        fixed (byte* bytes = text.Text)
        {
            _ = NativeCall.Invoke(function, 0, (nint)bytes);
        }

        Atomic.Write(ref s_running, 0);
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_malloc_message")]
    private static extern void** Variable();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_prefixed_message")]
    private static extern void** PrefixedVariable();
}
