using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>What an allocator keeps, behind a handle: copies of the handle share it.</summary>
/// <remarks>
/// The state lies outside the managed heap, at a fixed address, aligned to 16 bytes and zeroed at first. Its
/// memory stays readable for good, so a handle whose state is gone can be told, and does no harm. A handle is
/// 16 bytes. Taking and releasing a state is lock-free; using it concurrently is the allocator's business.
/// </remarks>
/// <typeparam name="T">The state; at most <see cref="MaxSize"/> bytes.</typeparam>
public readonly unsafe struct StateHandle<T> where T : unmanaged
{
    /// <summary>The largest state, in bytes.</summary>
    public static int MaxSize => StateSlots.MaxSize - sizeof(StateSlots.Slot);

    private readonly StateSlots.Slot* _slot;
    private readonly nuint _serial;

    private StateHandle(StateSlots.Slot* slot)
    {
        _slot = slot;
        _serial = slot->Serial;
    }

    /// <summary>Makes a state.</summary>
    /// <returns>False if the system has no memory or the state is too large.</returns>
    public static bool TryCreate(out StateHandle<T> handle)
    {
        StateSlots.Slot* slot = sizeof(T) <= MaxSize ? StateSlots.Take(Size) : null;
        handle = slot == null ? default : new StateHandle<T>(slot);
        return slot != null;
    }

    /// <summary>Whether this is the default value, which has no state.</summary>
    public bool IsDefault => _slot == null;

    /// <summary>Whether the state is there: it was made and not retired.</summary>
    public bool IsAlive
    {
        // By the address of the slot, not of its first field: for that, the JIT tests for null once more.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _slot != null && Atomic.Read(ref *(nuint*)_slot) == _serial;
    }

    /// <summary>A number that differs for every state of the process; 0 for the default value.</summary>
    public nuint Serial => _serial;

    /// <summary>
    /// The state. If it is gone, this may be that of another allocator; readable in any case, unless the
    /// handle is the default value.
    /// </summary>
    public T* Pointer => (T*)(_slot + 1);

    /// <summary>Ends the state; its contents can still be read, to take down what hangs on it.</summary>
    /// <returns>True to one caller, false to all others: disposing twice does no harm.</returns>
    public bool TryRetire() => _slot != null && Atomic.TryReplace(ref _slot->Serial, _serial, 0);

    /// <summary>Gives the memory of a state back. Only for the caller that retired it.</summary>
    public void Release() => StateSlots.Give(_slot, Size);

    private static nuint Size => (nuint)(sizeof(StateSlots.Slot) + sizeof(T));
}
