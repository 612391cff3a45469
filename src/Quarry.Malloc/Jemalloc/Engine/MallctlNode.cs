using System;

namespace Quarry.Malloc;

/// <summary>One control while it is visited: what it is, and what a caller passed.</summary>
/// <remarks>
/// A tree has one expression for each control, which names it and then acts, so that its name, its type and
/// its effect are in one place. <see cref="Is"/> returns false while the engine only looks for a name, so the
/// action is not evaluated then.
/// </remarks>
internal unsafe ref struct MallctlNode
{
    /// <summary>
    /// The path of the control. An element that is a number is written as <c>#</c>; one that is a name from a
    /// list, which has a number in a MIB, as <c>$</c>.
    /// </summary>
    internal ReadOnlySpan<byte> Path;

    internal MallctlType Type;

    internal MallctlAccess Access;

    /// <summary>Whether the control acts: returns its value, or applies <see cref="Input"/>.</summary>
    internal bool Acts;

    /// <summary>Whether the control applies <see cref="Input"/>.</summary>
    internal bool Writes;

    /// <summary>The numbers in the path, in their order.</summary>
    internal nuint First, Second;

    /// <summary>The value that the caller wrote; a signed type is sign-extended by the caller.</summary>
    internal nuint Input;

    /// <summary>
    /// What the caller's buffer for the old value contains, if it has the right size; otherwise 0.
    /// </summary>
    internal nuint Old;

    /// <summary>The buffers of the caller, for <see cref="MallctlAccess.Buffers"/>.</summary>
    internal void* OldBuffer, NewBuffer;

    /// <summary>The size of <see cref="OldBuffer"/>; may be null.</summary>
    internal nuint* OldLength;

    /// <summary>The size of <see cref="NewBuffer"/>.</summary>
    internal nuint NewLength;

    /// <summary>The value that the caller reads.</summary>
    internal nuint Value;

    /// <summary>How <see cref="Value"/> is written in a report.</summary>
    internal MallctlFormat Format;

    /// <summary>Describes the control.</summary>
    /// <returns>True if the control is to act.</returns>
    internal bool Is(
        ReadOnlySpan<byte> path,
        MallctlType type = MallctlType.Word,
        MallctlAccess access = MallctlAccess.Read)
    {
        Path = path;
        Type = type;
        Access = access;
        return Acts;
    }

    /// <summary>Sets the value to read.</summary>
    internal int Return(nuint value)
    {
        Value = value;
        Format = MallctlFormat.Number;
        return MallctlError.None;
    }

    /// <summary>Sets the value to read.</summary>
    internal int Return(bool value)
    {
        Value = value ? 1u : 0u;
        Format = MallctlFormat.Boolean;
        return MallctlError.None;
    }

    /// <summary>Sets the value to read, a signed number.</summary>
    internal int ReturnSigned(nuint value)
    {
        Value = value;
        Format = MallctlFormat.Signed;
        return MallctlError.None;
    }

    /// <summary>Sets the value to read: the address of zero-terminated text that stays valid.</summary>
    internal int ReturnText(byte* text)
    {
        Value = (nuint)text;
        Format = MallctlFormat.Text;
        return MallctlError.None;
    }

    /// <summary>Sets the value to read: the address of a zero-terminated literal.</summary>
    internal int ReturnText(ReadOnlySpan<byte> literal)
    {
        // Literals are constants of the image and do not move.
        fixed (byte* text = literal)
        {
            return ReturnText(text);
        }
    }

    /// <summary>
    /// Copies the new value of the caller's buffer; returns false if there is none of this size.
    /// </summary>
    internal readonly bool TryLoadNew(void* value, nuint size)
    {
        bool fits = NewBuffer != null && NewLength == size;
        if (fits)
        {
            Memory.Copy(NewBuffer, value, size);
        }

        return fits;
    }

    /// <summary>
    /// Copies a value to the caller's buffer, if there is one; as much of it as fits if that has another
    /// size.
    /// </summary>
    internal readonly int StoreOld(void* value, nuint size)
    {
        if (OldBuffer == null || OldLength == null)
        {
            return MallctlError.None;
        }

        nuint copied = *OldLength < size ? *OldLength : size;
        bool fits = *OldLength == size;
        Memory.Copy(value, OldBuffer, copied);
        *OldLength = copied;
        return fits ? MallctlError.None : MallctlError.InvalidArgument;
    }

    /// <summary>Ends a group of controls.</summary>
    internal int End()
    {
        Path = default;
        return MallctlError.NotFound;
    }
}
