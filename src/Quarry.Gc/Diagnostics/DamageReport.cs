namespace Quarry.Gc;

/// <summary>The message that objects were overwritten, written once.</summary>
internal static unsafe class DamageReport
{
    private static nuint s_isWritten;

    /// <summary>Writes the message, unless it was written before.</summary>
    /// <param name="address">The first address without a valid object; null if there is none.</param>
    internal static void Write(byte* address)
    {
        if (address == null || Atomic.Exchange(ref s_isWritten, 1) != 0)
        {
            return;
        }

        TextBuffer text = new(stackalloc byte[512]);
        text.Append("quarry: the census is incomplete: there is no valid object at 0x"u8);
        text.AppendHex((nuint)address);
        text.Append(". Look for unsafe or native code that writes out of bounds\n"u8);
        StandardError.Write(ref text);
    }
}
