using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Quarry.Tests.Checked;

/// <summary>The table of blocks behaves like a dictionary.</summary>
public sealed unsafe class CheckedTableTests
{
    [Fact]
    public void It_knows_what_was_added_and_not_removed()
    {
        // Few addresses, 16 bytes apart, so that searches run into each other.
        Gen<(bool Add, int Address)> step =
            from add in Gen.Frequency((2, Gen.Constant(true)), (1, Gen.Constant(false)))
            from address in Gen.Choose(1, 3000)
            select (add, address * 16);
        Prop.ForAll(Arb.From(Gen.ArrayOf(step, 3000)), steps =>
        {
            CheckedTable table = default;
            Dictionary<nuint, nuint> model = [];
            foreach ((bool add, int address) in steps)
            {
                Play(ref table, model, add, (nuint)address);
            }

            bool good = IsSame(ref table, model);
            table.Clear();
            return good && table.Count == 0 && table.Find((void*)16) == null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    [Fact]
    public void It_finds_the_block_around_an_address()
    {
        CheckedTable table = default;
        CheckedBlock block = new()
        {
            Address = (byte*)1000,
            Layout = Checking.Bytes(100),
            Front = 8,
            Back = 4,
        };
        CheckedBlock* record = table.Add(&block);
        Assert.True(table.FindAround((void*)991) == null);
        Assert.True(table.FindAround((void*)992) == record);
        Assert.True(table.FindAround((void*)1103) == record);
        Assert.True(table.FindAround((void*)1104) == null);
        table.Clear();
    }

    private static void Play(ref CheckedTable table, Dictionary<nuint, nuint> model, bool add, nuint address)
    {
        CheckedBlock* known = table.Find((void*)address);
        if (add && known == null)
        {
            CheckedBlock block = new() { Address = (byte*)address, Front = (nuint)model.Count };
            Assert.True(table.Add(&block) != null);
            model.Add(address, block.Front);
        }
        else if (!add && known != null)
        {
            table.Remove(known);
            Assert.True(model.Remove(address));
        }
    }

    private static bool IsSame(ref CheckedTable table, Dictionary<nuint, nuint> model)
    {
        List<nuint> seen = [];
        nuint cursor = 0;
        for (CheckedBlock* block = table.NextFrom(ref cursor); block != null; block = table.NextFrom(ref cursor))
        {
            seen.Add((nuint)block->Address);
        }

        CheckedTable copy = table;
        return table.Count == (nuint)model.Count
            && seen.Order().SequenceEqual(model.Keys.Order())
            && model.All(entry => copy.Find((void*)entry.Key)->Front == entry.Value);
    }
}
