using System;
using Quarry.Malloc;

namespace Quarry.Core.Tests.Mallctl;

/// <summary>One control of each access and type, with numbers in some paths.</summary>
internal struct ExampleTree : IMallctlTree
{
    internal const nuint Rows = 3, Columns = 5;

    /// <summary>The value of <c>set</c>; starts at 11.</summary>
    internal static nuint Stored { get; set; }

    /// <summary>The number of writes to <c>count</c>.</summary>
    internal static nuint Count { get; set; }

    /// <summary>The number of actions and results.</summary>
    internal static nuint Actions { get; set; }

    /// <summary>The last number that was written to <c>sink</c> or passed to <c>create</c>.</summary>
    internal static nuint Written { get; set; }

    public static int GroupCount => 2;

    public static int Visit(ref MallctlNode node, int group, int index) =>
        group == 0 ? Values(ref node, index) : Others(ref node, index);

    public static bool Exists(ReadOnlySpan<byte> before, nuint number) =>
        number < (before.SequenceEqual("table."u8) ? Rows
            : before.SequenceEqual("colors."u8) ? 2
            : Columns);

    public static bool TryGetNumber(ReadOnlySpan<byte> before, ReadOnlySpan<byte> name, out nuint number)
    {
        number = name.SequenceEqual("blue"u8) ? 1u : 0;
        return before.SequenceEqual("colors."u8) && (number != 0 || name.SequenceEqual("red"u8));
    }

    private static int Values(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("flag"u8, MallctlType.Boolean) ? node.Return(true) : 0,
        1 => node.Is("deep.number"u8, MallctlType.Unsigned) ? node.Return(0x01020304) : 0,
        2 => node.Is("deep.word"u8) ? node.Return(unchecked((nuint)0x0102030405060708)) : 0,
        3 => node.Is("table.#.cells.#.value"u8) ? node.Return((node.First * 10) + node.Second) : 0,
        4 => node.Is("table.#.row"u8) ? node.Return(node.First) : 0,
        _ => node.End(),
    };

    private static int Others(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("table.rows"u8) ? node.Return(Rows) : 0,
        1 => node.Is("set"u8, MallctlType.Unsigned, MallctlAccess.ReadWrite)
            ? node.Writes ? Store(node.Input) : node.Return(Stored)
            : 0,
        2 => node.Is("count"u8, MallctlType.Word, MallctlAccess.WriteThenRead)
            ? node.Return(node.Writes ? ++Count : Count)
            : 0,
        3 => node.Is("sink"u8, MallctlType.Unsigned, MallctlAccess.Write) ? Write(node.Input) : 0,
        4 => node.Is("create"u8, MallctlType.Unsigned, MallctlAccess.MustRead)
            ? Write(node.Writes ? node.Input : 0) + node.Return(++Actions)
            : 0,
        5 => node.Is("act"u8, MallctlType.Void, MallctlAccess.Action) ? Act() : 0,
        6 => node.Is("colors.$.value"u8) ? node.Return(node.First + 7) : 0,
        7 => node.Is("colors.all"u8) ? node.Return(2) : 0,
        8 => node.Is("sum"u8, MallctlType.Void, MallctlAccess.Buffers) ? Sum(ref node) : 0,
        _ => node.End(),
    };

    private static int Store(nuint value)
    {
        Stored = value < 100 ? value : Stored;
        return value < 100 ? MallctlError.None : MallctlError.Fault;
    }

    private static int Write(nuint value)
    {
        Written = value;
        return MallctlError.None;
    }

    /// <summary>Adds the bytes of one buffer into the first byte of the other.</summary>
    private static unsafe int Sum(ref MallctlNode node)
    {
        if (node.OldBuffer == null || node.OldLength == null || *node.OldLength != 1)
        {
            return MallctlError.InvalidArgument;
        }

        byte sum = 0;
        for (nuint at = 0; at < node.NewLength; at++)
        {
            sum += ((byte*)node.NewBuffer)[at];
        }

        *(byte*)node.OldBuffer = sum;
        return MallctlError.None;
    }

    private static int Act()
    {
        Actions++;
        return MallctlError.None;
    }
}
