using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Represents a handle to the state of an allocator, which all copies of the handle share.</summary>
/// <remarks>
/// The state lies outside the managed heap at a fixed address, aligned to 16 bytes, and is initially zero.
/// Its memory stays readable forever, so a stale handle is detected and harmless. A handle is 16 bytes.
/// Creating and releasing a state is lock-free; the allocator must synchronize its use.
/// </remarks>
/// <typeparam name="T">The type of the state; at most <see cref="MaxSize"/> bytes.</typeparam>
public readonly unsafe partial struct StateHandle<T> where T : unmanaged
{
    /// <summary>Gets the size of the largest state, in bytes.</summary>
    public static int MaxSize => StateSlots.MaxSize - sizeof(StateSlots.Slot);

    private readonly StateSlots.Slot* _slot;
    private readonly nuint _serial;

    private StateHandle(StateSlots.Slot* slot)
    {
        _slot = slot;
        _serial = slot->Serial;
    }

    /// <summary>Tries to create a state.</summary>
    /// <returns>False if the system has no memory or the state is too large.</returns>
    public static bool TryCreate(out StateHandle<T> handle)
    {
        StateSlots.Slot* slot = sizeof(T) <= MaxSize ? StateSlots.Allocate(Size) : null;
        handle = slot == null ? default : new StateHandle<T>(slot);
        return slot != null;
    }

    /// <summary>Gets a value that indicates whether this is the default value, which has no state.</summary>
    public bool IsDefault => _slot == null;

    /// <summary>Gets a value that indicates whether the state was created and has not been retired.</summary>
    public bool IsAlive => _slot != null && IsCurrent;

    /// <summary>
    /// Gets the value of <see cref="IsAlive"/> without the test for the default value, on which this property
    /// must not be read. For fast paths, where one more branch is measurable.
    /// </summary>
    public bool IsCurrent
    {
        // Acquires: pairs with the release of the serial number when the slot is allocated, so the state read
        // afterwards is at least as new. Reads through the address of the slot, not of its first field, for
        // which the JIT would add another null check.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ThrowIfDefault(_slot);
            return Atomic.Read(ref *(nuint*)_slot) == _serial;
        }
    }

    /// <summary>
    /// Gets the serial number of the state, which is unique in the process; 0 for the default value.
    /// </summary>
    public nuint Serial => _serial;

    /// <summary>
    /// Gets a pointer to the state. Once the state is released, this may be the state of another allocator.
    /// The memory stays readable; the pointer is invalid only if the handle is the default value.
    /// </summary>
    public T* Pointer => (T*)(_slot + 1);

    /// <summary>Tries to retire the state, whose contents stay readable until it is released.</summary>
    /// <returns>True for one caller and false for all others, so that disposing twice is harmless.</returns>
    public bool TryRetire() => _slot != null && Atomic.TryReplace(ref _slot->Serial, _serial, 0);

    /// <summary>Frees the memory of a state. Only the caller that retired it may do so.</summary>
    public void Release() => StateSlots.Free(_slot, Size);

    private static nuint Size => (nuint)(sizeof(StateSlots.Slot) + sizeof(T));

    // Checked builds of the library say which allocator was never created. Elsewhere there is no such method.
    static partial void ThrowIfDefault(void* slot);
}
