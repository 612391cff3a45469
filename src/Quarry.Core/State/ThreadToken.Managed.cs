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

    /// <summary>
    /// The token in the upper bits of a word, so that it can be joined with another number; 0 until the
    /// thread has asked for <see cref="Current"/>, which saves a branch.
    /// </summary>
    internal static nuint Mark => ThreadWords.t_mark;

    // The property is a call each time.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint Ask()
    {
        nuint token = (nuint)Environment.CurrentManagedThreadId;
        ThreadWords.t_mark = token << 32;
        ThreadWords.t_token = token;
        return token;
    }
}
