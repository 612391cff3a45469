using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Which thread this is: a number that no other living thread has, and never 0.</summary>
internal static class ThreadToken
{
    internal static nuint Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            nuint known = ThreadWords.t_token;
            return known != 0 ? known : Ask();
        }
    }

    /// <summary>The same, or 0 until the thread has asked for <see cref="Current"/>: a branch less.</summary>
    internal static nuint Known => ThreadWords.t_token;

    // The property is a call each time.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint Ask() => ThreadWords.t_token = (nuint)Environment.CurrentManagedThreadId;
}
