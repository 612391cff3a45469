using System;

namespace Quarry.Malloc;

/// <summary>Reads options that are <c>true</c> or <c>false</c>.</summary>
internal static class ConfFlag
{
    internal static ConfResult Parse(ReadOnlySpan<byte> value, out bool flag)
    {
        flag = value.SequenceEqual("true"u8);
        return flag || value.SequenceEqual("false"u8) ? ConfResult.Set : ConfResult.Invalid;
    }

    /// <summary>Sets an option; an invalid value leaves it as it is.</summary>
    internal static ConfResult Set(ReadOnlySpan<byte> value, ref bool option)
    {
        ConfResult result = Parse(value, out bool flag);
        option = result == ConfResult.Set ? flag : option;
        return result;
    }
}
