using System;

namespace Quarry.Malloc;

/// <summary>An error with a block, in words.</summary>
internal unsafe struct GuardErrorReport
{
    /// <summary>What the program did wrong.</summary>
    public GuardError Error;

    /// <summary>How.</summary>
    public GuardAccess Access;

    /// <summary>The address that was accessed or passed.</summary>
    public nuint Address;

    /// <summary>The record of the block.</summary>
    public GuardSlot* Slot;

    /// <summary>The size or the alignment that the program passed, if it is the error.</summary>
    public nuint Passed;

    /// <summary>The thread that made the error, or whose call found it.</summary>
    public int Thread;

    /// <summary>The stack of that thread.</summary>
    public ulong* Frames;

    /// <summary>The number of frames.</summary>
    public int FrameCount;

    /// <summary>Gets a value that indicates whether there was a block.</summary>
    internal readonly bool HasBlock => Slot->Address != 0;

    /// <summary>Gets a value that indicates whether the stack that allocated the block is known.</summary>
    internal readonly bool HasAllocation => HasBlock && Slot->AllocationFrames != 0;

    /// <summary>
    /// Gets a value that indicates whether the stack that freed the block is another one than that of the
    /// error.
    /// </summary>
    internal readonly bool HasRelease =>
        Slot->ReleaseFrames != 0 && Error is (GuardError.UseAfterFree or GuardError.DoubleFree
            or GuardError.WriteAfterFree or GuardError.InvalidFree);

    /// <summary>Gets the name of the error, for readers of the report.</summary>
    internal readonly ReadOnlySpan<byte> Name => Error switch
    {
        GuardError.Overflow => "overflow"u8,
        GuardError.Underflow => "underflow"u8,
        GuardError.UseAfterFree => "use_after_free"u8,
        GuardError.OverflowFound => "overflow_found"u8,
        GuardError.UnderflowFound => "underflow_found"u8,
        GuardError.DoubleFree => "double_free"u8,
        GuardError.InvalidFree => "invalid_free"u8,
        GuardError.WriteAfterFree => "write_after_free"u8,
        GuardError.WrongSize => "wrong_size"u8,
        GuardError.WrongAlignment => "wrong_alignment"u8,
        _ => "wild_access"u8,
    };

    /// <summary>Gets the error in words.</summary>
    internal readonly ReadOnlySpan<byte> Title => Error switch
    {
        GuardError.Overflow => "overflow"u8,
        GuardError.Underflow => "underflow"u8,
        GuardError.UseAfterFree => "use after free"u8,
        GuardError.OverflowFound => "overflow, found when the block was freed"u8,
        GuardError.UnderflowFound => "underflow, found when the block was freed"u8,
        GuardError.DoubleFree => "double free"u8,
        GuardError.InvalidFree => "free of an address that is not a block"u8,
        GuardError.WriteAfterFree => "write after free, found later"u8,
        GuardError.WrongSize => "free with a wrong size"u8,
        GuardError.WrongAlignment => "free with a wrong alignment"u8,
        _ => "access to memory that was never allocated"u8,
    };

    /// <summary>Gets the name of the access.</summary>
    internal readonly ReadOnlySpan<byte> AccessName => Access switch
    {
        GuardAccess.Read => "read"u8,
        GuardAccess.Write => "write"u8,
        GuardAccess.Call => "call"u8,
        _ => "access"u8,
    };

    /// <summary>Appends where the address is, such as "3 bytes behind a block of 48 bytes".</summary>
    internal readonly void AppendPlace(ref TextBuffer text)
    {
        nuint start = Slot->Address, end = start + Slot->Size;
        if (Address >= end)
        {
            text.Append(Address - end);
            text.Append(" bytes behind a block of "u8);
        }
        else if (Address < start)
        {
            text.Append(start - Address);
            text.Append(" bytes before a block of "u8);
        }
        else if (Address == start)
        {
            text.Append("the start of a block of "u8);
        }
        else
        {
            text.Append(Address - start);
            text.Append(" bytes inside a block of "u8);
        }

        text.Append(Slot->Size);
        text.Append(" bytes"u8);
        if (Error is GuardError.WrongSize or GuardError.WrongAlignment)
        {
            text.Append(Error == GuardError.WrongSize ? ", size "u8 : ", alignment "u8);
            text.Append(Passed);
        }
    }
}
