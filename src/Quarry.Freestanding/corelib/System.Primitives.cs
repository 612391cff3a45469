// The primitive types. Arithmetic and layout are built into the compilers; only the constants are defined
// here.

namespace System;

public struct Boolean;

public struct Char
{
    public const char MaxValue = (char)0xFFFF;
    public const char MinValue = (char)0;
}

public struct SByte
{
    public const sbyte MaxValue = 127;
    public const sbyte MinValue = -128;
}

public struct Byte
{
    public const byte MaxValue = 255;
    public const byte MinValue = 0;
}

public struct Int16
{
    public const short MaxValue = 0x7FFF;
    public const short MinValue = -0x8000;
}

public struct UInt16
{
    public const ushort MaxValue = 0xFFFF;
    public const ushort MinValue = 0;
}

public struct Int32
{
    public const int MaxValue = 0x7FFF_FFFF;
    public const int MinValue = -0x8000_0000;
}

public struct UInt32
{
    public const uint MaxValue = 0xFFFF_FFFF;
    public const uint MinValue = 0;
}

public struct Int64
{
    public const long MaxValue = 0x7FFF_FFFF_FFFF_FFFF;
    public const long MinValue = -0x8000_0000_0000_0000;
}

public struct UInt64
{
    public const ulong MaxValue = 0xFFFF_FFFF_FFFF_FFFF;
    public const ulong MinValue = 0;
}

public struct IntPtr
{
    public static nint Zero => 0;

    public static unsafe int Size => sizeof(nint);

    public static nint MaxValue => unchecked((nint)long.MaxValue);

    public static nint MinValue => unchecked((nint)long.MinValue);
}

public struct UIntPtr
{
    public static nuint Zero => 0;

    public static unsafe int Size => sizeof(nuint);

    public static nuint MaxValue => unchecked((nuint)ulong.MaxValue);

    public static nuint MinValue => 0;
}

public struct Single;

public struct Double;
