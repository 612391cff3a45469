using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Which thread this is: a number that no other living thread has, and never 0.</summary>
internal static class ThreadToken
{
    internal static nuint Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (nuint)Environment.CurrentManagedThreadId;
    }
}
