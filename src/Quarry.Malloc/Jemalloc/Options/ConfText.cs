using System;

namespace Quarry.Malloc;

/// <summary>Takes <c>key:value</c> pairs from a text, by jemalloc's rules.</summary>
/// <remarks>
/// A key consists of letters, digits and underscores; a value ends at a comma. An error of syntax ends the
/// text: the pairs before it count.
/// </remarks>
internal ref struct ConfText(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>Gets a value that indicates whether the text has an error of syntax so far.</summary>
    internal bool IsMalformed { get; private set; }

    /// <summary>Takes the next pair; false at the end of the text.</summary>
    /// <param name="reports">Whether an error of syntax is written as a message.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    internal bool TryTake(bool reports, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = default;
        value = default;
        int colon = 0;
        while (colon < _rest.Length && IsKeyCharacter(_rest[colon]))
        {
            colon++;
        }

        if (_rest.IsEmpty)
        {
            return false;
        }

        if (colon == _rest.Length || _rest[colon] != ':')
        {
            bool ends = colon == _rest.Length;
            Fail(reports, ends ? "Conf string ends with key -- "u8 : "Malformed conf string -- "u8);
            return false;
        }

        key = _rest.Slice(0, colon);
        ReadOnlySpan<byte> after = _rest.Slice(colon + 1);
        int comma = after.IndexOf((byte)',');
        value = after.Slice(0, comma < 0 ? after.Length : comma);
        if (comma >= 0 && comma == after.Length - 1)
        {
            Fail(reports, "Conf string ends with comma -- "u8);
        }
        else
        {
            _rest = comma < 0 ? default : after.Slice(comma + 1);
        }

        return true;
    }

    private static bool IsKeyCharacter(byte character) =>
        character is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z')
            or (>= (byte)'0' and <= (byte)'9') or (byte)'_';

    private void Fail(bool reports, ReadOnlySpan<byte> message)
    {
        if (reports)
        {
            JemallocMessage.Write(message, _rest, default, isPair: false);
        }

        IsMalformed = true;
        _rest = default;
    }
}
