using System;

namespace Quarry.Malloc;

/// <summary>An arena: a heap, and what jemalloc's controls keep for it.</summary>
internal unsafe struct Arena
{
    /// <summary>
    /// The size of a name with its terminating zero, in bytes; part of jemalloc's interface.
    /// </summary>
    internal const int NameSize = 32;

    /// <summary>The heap; null if the arena was never created, or was destroyed.</summary>
    public HeapState* Heap;

    /// <summary>The index.</summary>
    public uint Index;

    /// <summary>
    /// In a destroyed arena: the index of the one that was destroyed before it, plus 1; 0 if there is none.
    /// </summary>
    public uint NextFree;

    /// <summary>A number that no other arena has or had, see <see cref="GuestSlot"/>; not 0.</summary>
    public nuint Key;

    /// <summary>
    /// The number of threads that are bound to the arena, if there are several automatic ones. Too high by
    /// the threads that were killed.
    /// </summary>
    public nuint Threads;

    /// <summary>The time at which the arena was created, in nanoseconds.</summary>
    public ulong Created;

    /// <summary>The muzzy decay time, in milliseconds, which is only read back.</summary>
    public nuint MuzzyDecay;

    /// <summary>The most bytes by which the arena grows at once, beyond a single request.</summary>
    public nuint GrowLimit;

    /// <summary>
    /// The program's extent hooks, or <see cref="Arenas.DefaultHooks"/>; null if none were ever installed.
    /// Read plainly: never null again, and its functions are read through it.
    /// </summary>
    public ExtentHooks* Hooks;

    /// <summary>The extents that the hooks did not take back.</summary>
    public RetainedExtents Retained;

    /// <summary>The statistics of the last epoch; null before they are first read.</summary>
    public Snapshot* Statistics;

    private fixed byte _name[NameSize];

    /// <summary>Determines whether extent hooks provide the memory.</summary>
    internal readonly bool HasHooks => Hooks != null;

    /// <summary>Returns the arena of a heap.</summary>
    internal static Arena* Of(HeapState* heap) => (Arena*)heap->Backend.Supply.Source.State;

    /// <summary>Returns the index of the arena of a heap.</summary>
    internal static uint IndexOf(HeapState* heap) => Of(heap)->Index;

    /// <summary>Copies the name, with its terminating zero, to <see cref="NameSize"/> bytes.</summary>
    internal void CopyName(byte* to)
    {
        fixed (byte* name = _name)
        {
            Memory.Copy(name, to, NameSize);
        }
    }

    /// <summary>Sets the name; what does not fit is cut off.</summary>
    internal void SetName(ReadOnlySpan<byte> name)
    {
        int length = Math.Min(name.Length, NameSize - 1);
        for (int at = 0; at < NameSize; at++)
        {
            _name[at] = at < length ? name[at] : (byte)0;
        }
    }

    /// <summary>Sets jemalloc's name for an arena without one.</summary>
    internal void SetDefaultName()
    {
        TextBuffer text = new(stackalloc byte[NameSize]);
        if (Index != 0 && Index == ArenaOptions.OversizeIndex)
        {
            text.Append("auto_oversize"u8);
        }
        else
        {
            text.Append(Index < ArenaOptions.Count ? "auto_"u8 : "manual_"u8);
            text.Append(Index);
        }

        SetName(text.Text);
    }
}
