using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Identifies the calling thread by a nonzero number that no other live thread has.</summary>
internal static class ThreadToken
{
    internal static nuint Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            nuint known = ThreadWords.t_token;
            return known != 0 ? known : Initialize();
        }
    }

    /// <summary>
    /// Gets the token in the upper bits of a word, to be combined with another number. It is 0 until the
    /// thread has read <see cref="Current"/>, which saves a branch here.
    /// </summary>
    internal static nuint Mark => ThreadWords.t_mark;

    // Environment.CurrentManagedThreadId is a call, so its value is cached.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint Initialize()
    {
        nuint token = (nuint)Environment.CurrentManagedThreadId;
        ThreadWords.t_mark = token << 32;
        ThreadWords.t_token = token;
        return token;
    }
}
