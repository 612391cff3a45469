using System;
using System.Text;
using Quarry.Malloc;
using Xunit;

namespace Quarry.Core.Tests.Mallctl;

/// <summary>Names, numbers, buffers and errors of controls.</summary>
public sealed unsafe class MallctlTests
{
    public MallctlTests()
    {
        ExampleTree.Stored = 11;
        ExampleTree.Count = 0;
        ExampleTree.Actions = 0;
        ExampleTree.Written = 0;
    }

    [Theory]
    [InlineData("flag", 1, 1)]
    [InlineData("deep.number", 4, 0x01020304)]
    [InlineData("deep.word", 8, 0x0102030405060708)]
    [InlineData("table.2.cells.4.value", 8, 24)]
    [InlineData("table.002.cells.01.value", 8, 21)]
    [InlineData("table.1.row", 8, 1)]
    [InlineData("table.rows", 8, 3)]
    [InlineData("set", 4, 11)]
    [InlineData("colors.red.value", 8, 7)]
    [InlineData("colors.blue.value", 8, 8)]
    [InlineData("colors.all", 8, 2)]
    public void A_value_is_read(string name, int size, long expected)
    {
        (int error, nuint length, ulong value) = Read(name, (nuint)size);
        Assert.Equal((0, (nuint)size, (ulong)expected), (error, length, value));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("flag.")]
    [InlineData(".flag")]
    [InlineData("fla")]
    [InlineData("flags")]
    [InlineData("Flag")]
    [InlineData("deep")]
    [InlineData("deep..word")]
    [InlineData("table.3.row")]
    [InlineData("table.-1.row")]
    [InlineData("table.x.row")]
    [InlineData("table..row")]
    [InlineData("table.#.row")]
    [InlineData("table.1.cells.5.value")]
    [InlineData("table.99999999999999999999999999.row")]
    [InlineData("table.18446744073709551617.row")]
    [InlineData("a.b.c.d.e.f.g.h.i")]
    [InlineData("colors")]
    [InlineData("colors.red")]
    [InlineData("colors.0.value")]
    [InlineData("colors.$.value")]
    [InlineData("colors.green.value")]
    [InlineData("colors.all.value")]
    public void An_unknown_name_is_not_found(string name)
    {
        Assert.Equal((MallctlError.NotFound, (nuint)8, 0ul), Read(name, 8));
    }

    [Fact]
    public void A_buffer_of_another_size_gets_what_fits()
    {
        Assert.Equal((MallctlError.InvalidArgument, (nuint)4, 0x05060708ul), Read("deep.word", 4));
        Assert.Equal((MallctlError.InvalidArgument, (nuint)4, 0x01020304ul), Read("deep.number", 8));
        Assert.Equal((MallctlError.InvalidArgument, (nuint)0, 0ul), Read("flag", 0));
    }

    [Fact]
    public void Nothing_passed_is_a_test_of_existence()
    {
        Assert.Equal(0, Call("deep.word", null, null, null, 0));
        Assert.Equal(0, Call("set", null, null, null, 0));
        Assert.Equal(0, Call("sink", null, null, null, 0));
        Assert.Equal(0, Call("count", null, null, null, 0));
        Assert.Equal((11u, 0u), (ExampleTree.Stored, ExampleTree.Count));
    }

    [Fact]
    public void A_value_to_read_cannot_be_written()
    {
        ulong value = 1;
        Assert.Equal(MallctlError.NotPermitted, Call("deep.word", null, null, &value, 8));
        Assert.Equal(MallctlError.NotPermitted, Call("deep.word", null, null, &value, 0));
        Assert.Equal(MallctlError.NotPermitted, Call("deep.word", null, null, null, 8));
    }

    [Fact]
    public void A_write_returns_the_old_value()
    {
        uint old = 0, value = 42;
        nuint length = 4;
        Assert.Equal(0, Call("set", &old, &length, &value, 4));
        Assert.Equal((11u, 42u), (old, (uint)ExampleTree.Stored));
        value = 100;
        Assert.Equal(MallctlError.Fault, Call("set", &old, &length, &value, 4));
        Assert.Equal((42u, 42u), (old, (uint)ExampleTree.Stored));
    }

    [Fact]
    public void A_write_of_another_size_changes_nothing()
    {
        ulong value = 42;
        uint old = 0;
        nuint length = 4;
        Assert.Equal(MallctlError.InvalidArgument, Call("set", null, null, &value, 8));
        Assert.Equal(MallctlError.InvalidArgument, Call("sink", null, null, &value, 8));
        length = 3;
        Assert.Equal(MallctlError.InvalidArgument, Call("set", &old, &length, &value, 4));
        Assert.Equal((11u, (nuint)3), (ExampleTree.Stored, length));
    }

    [Fact]
    public void A_counter_returns_the_new_value()
    {
        ulong epoch = 0;
        nuint length = 8;
        Assert.Equal(0, Call("count", &epoch, &length, &epoch, 8));
        Assert.Equal(1ul, epoch);
        Assert.Equal(0, Call("count", &epoch, &length, null, 0));
        Assert.Equal((1ul, (nuint)1), (epoch, ExampleTree.Count));
    }

    [Fact]
    public void A_result_needs_its_buffer()
    {
        uint result = 0;
        nuint length = 8;
        Assert.Equal(MallctlError.InvalidArgument, Call("create", &result, &length, null, 0));
        Assert.Equal(((nuint)0, (nuint)0), (length, ExampleTree.Actions));
        Assert.Equal(MallctlError.InvalidArgument, Call("create", null, null, null, 0));
        length = 4;
        nuint input = 77;
        Assert.Equal(MallctlError.InvalidArgument, Call("create", &result, &length, &input, 4));
        Assert.Equal(0, Call("create", &result, &length, &input, 8));
        Assert.Equal((1u, (nuint)1, (nuint)77), (result, ExampleTree.Actions, ExampleTree.Written));
    }

    [Fact]
    public void An_action_takes_nothing()
    {
        ulong value = 0;
        nuint length = 8;
        Assert.Equal(MallctlError.NotPermitted, Call("act", &value, null, null, 0));
        Assert.Equal(MallctlError.NotPermitted, Call("act", null, &length, null, 0));
        Assert.Equal(MallctlError.NotPermitted, Call("act", null, null, &value, 0));
        Assert.Equal(MallctlError.NotPermitted, Call("act", null, null, null, 1));
        Assert.Equal((nuint)0, ExampleTree.Actions);
        Assert.Equal(0, Call("act", null, null, null, 0));
        Assert.Equal((nuint)1, ExampleTree.Actions);
        Assert.Equal(MallctlError.NotPermitted, Call("sink", &value, &length, null, 0));
    }

    [Fact]
    public void Numbers_of_a_name_can_be_replaced()
    {
        nuint* mib = stackalloc nuint[7];
        Assert.Equal(5, (int)ToMib("table.0.cells.0.value", mib, 7));
        for (nuint row = 0; row <= ExampleTree.Rows; row++)
        {
            for (nuint column = 0; column <= ExampleTree.Columns; column++)
            {
                mib[1] = row;
                mib[3] = column;
                ulong value = 0;
                nuint length = 8;
                bool exists = row < ExampleTree.Rows && column < ExampleTree.Columns;
                int error = Mallctl<ExampleTree>.ByMib(mib, 5, &value, &length, null, 0);
                Assert.Equal(exists ? 0 : MallctlError.NotFound, error);
                Assert.Equal(exists ? (row * 10) + column : 0, value);
            }
        }
    }

    [Fact]
    public void Names_of_groups_have_numbers()
    {
        nuint* group = stackalloc nuint[7], whole = stackalloc nuint[7];
        Assert.Equal(3, (int)ToMib("table.1.cells", group, 7));
        Assert.Equal(5, (int)ToMib("table.1.cells.2.value", whole, 7));
        for (int at = 0; at < 3; at++)
        {
            Assert.Equal(whole[at], group[at]);
        }

        group[3] = 77;
        Assert.Equal(3, (int)ToMib("table.1.cells.2.value", group, 3));
        Assert.Equal((nuint)77, group[3]);
        Assert.Equal(MallctlError.NotFound, Mallctl<ExampleTree>.ByMib(whole, 3, null, null, null, 0));
        Assert.Equal(MallctlError.NotFound, Mallctl<ExampleTree>.ByMib(whole, 0, null, null, null, 0));
        Assert.Equal(MallctlError.NotFound, Mallctl<ExampleTree>.ByMib(whole, 8, null, null, null, 0));
    }

    [Fact]
    public void A_name_from_a_list_has_its_number()
    {
        nuint* mib = stackalloc nuint[7];
        Assert.Equal(3, (int)ToMib("colors.blue.value", mib, 7));
        Assert.Equal((nuint)1, mib[1]);
        Assert.Equal(2, (int)ToMib("colors.red", mib, 7));
        Assert.Equal((nuint)0, mib[1]);
        for (nuint color = 0; color < 4; color++)
        {
            mib[1] = color;
            ulong value = 0;
            nuint length = 8;
            int error = Mallctl<ExampleTree>.ByMib(mib, 3, &value, &length, null, 0);
            Assert.Equal(color < 2 ? (0, color + 7) : (MallctlError.NotFound, 0), (error, (nuint)value));
        }
    }

    [Fact]
    public void A_control_may_have_buffers_of_its_own_form()
    {
        byte sum = 0;
        nuint length = 1;
        byte* values = stackalloc byte[] { 1, 2, 3 };
        Assert.Equal(0, Call("sum", &sum, &length, values, 3));
        Assert.Equal(6, sum);
        Assert.Equal(0, Call("sum", &sum, &length, values, 2));
        Assert.Equal(3, sum);
        length = 2;
        Assert.Equal(MallctlError.InvalidArgument, Call("sum", &sum, &length, values, 3));
        Assert.Equal(MallctlError.InvalidArgument, Call("sum", null, null, values, 3));
        Assert.Equal(3, sum);
    }

    [Fact]
    public void Controls_of_one_group_share_its_number()
    {
        nuint* first = stackalloc nuint[7], second = stackalloc nuint[7];
        _ = ToMib("table.rows", first, 7);
        _ = ToMib("table.1.row", second, 7);
        Assert.Equal(first[0], second[0]);
        Assert.NotEqual(first[1], second[2]);
    }

    [Fact]
    public void Random_numbers_and_names_are_harmless()
    {
        Random random = new(7);
        string[] parts =
            ["table", "cells", "value", "row", "rows", "0", "2", "5", "deep", "word", "", "set", "act"];
        nuint* mib = stackalloc nuint[9];
        byte* old = stackalloc byte[32];
        for (int round = 0; round < 20_000; round++)
        {
            new Span<byte>(old, 32).Fill(0xcc);
            for (int at = 0; at < 9; at++)
            {
                mib[at] = (nuint)random.Next(round % 2 == 0 ? 8 : 1000);
            }

            nuint length = (nuint)random.Next(17);
            _ = Mallctl<ExampleTree>.ByMib(mib, (nuint)random.Next(9), old, &length, null, 0);
            Assert.True(length <= 16);
            string name = string.Join('.', random.GetItems(parts, random.Next(1, 9)));
            length = (nuint)random.Next(17);
            int error = Call(name, old, &length, null, 0);
            Assert.Contains(error, new[] { 0, MallctlError.NotFound, MallctlError.InvalidArgument, 1 });
            Assert.Equal(-1, new Span<byte>(old + 16, 16).IndexOfAnyExcept((byte)0xcc));
        }
    }

    private static (int Error, nuint Length, ulong Value) Read(string name, nuint length)
    {
        ulong value = 0;
        int error = Call(name, &value, &length, null, 0);
        return (error, length, value);
    }

    private static int Call(string name, void* old, nuint* oldLength, void* value, nuint length)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            return Mallctl<ExampleTree>.ByName(text, old, oldLength, value, length);
        }
    }

    private static nuint ToMib(string name, nuint* mib, nuint room)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            Assert.Equal(0, Mallctl<ExampleTree>.NameToMib(text, mib, &room));
        }

        return room;
    }
}
