using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Handles in .NET.</content>
public readonly unsafe partial struct StateHandle<T>
{
    private StateHandle(void* slot, nuint serial)
    {
        _slot = (StateSlots.Slot*)slot;
        _serial = serial;
    }

    /// <summary>Gets the address of the slot, for a handle that keeps the two words itself.</summary>
    internal void* Slot => _slot;

    /// <summary>Returns the handle of a slot and a serial number.</summary>
    internal static StateHandle<T> Of(void* slot, nuint serial) => new(slot, serial);

    /// <summary>Returns what is wrong with the owner of the state; null if it is alive.</summary>
    internal Exception? Failure(string owner) => IsAlive
        ? null
        : IsDefault ? Dead.NotCreated(owner) : Dead.Disposed(owner);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static partial void ThrowIfDefault(void* slot)
    {
        if (Checks.Enabled && slot == null)
        {
            ThrowNotCreated();
        }
    }

    [DoesNotReturn]
    private static void ThrowNotCreated() =>
        throw Dead.NotCreated(typeof(T).Name.Replace("State", null, StringComparison.Ordinal));
}
