using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Quarry.Native.Tests.Harness;
using Xunit;

namespace Quarry.Native.Tests;

/// <summary>The compiler emits the instructions that the orders in the C# stand for.</summary>
[Trait("Category", "Emulated")]
public sealed partial class Arm64OrderTests
{
    private static readonly Lazy<Dictionary<string, List<string>>> s_code = new(Disassemble);

    public static TheoryData<string, string> Golden
    {
        get
        {
            TheoryData<string, string> data = [];
            string tests = Path.Combine(Repository.Root, "tests", "Quarry.Native.Tests");
            string path = Path.Combine(tests, "memory-order.arm64.txt");
            foreach (string line in File.ReadLines(path).Where(line => !line.StartsWith('#')))
            {
                string[] words = line.Split(' ', 2);
                data.Add(words[0], words[1].Trim());
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void Methods_have_their_ordering_instructions(string method, string instructions)
    {
        Arm64.Require();
        IEnumerable<string> ordering = s_code.Value[$"libquarry_Quarry_{method}"]
            .Where(line => Ordering().IsMatch(line)).Select(line => line.Split('\t', ' ')[0]);
        Assert.Equal(instructions, string.Join(' ', ordering));
    }

    /// <summary>An exclusive store releases, but later loads may precede it without the barrier.</summary>
    [Fact]
    public void A_full_barrier_follows_every_exclusive_store()
    {
        Arm64.Require();
        int pairs = 0;
        foreach ((string method, List<string> code) in s_code.Value)
        {
            string[] ordering = [.. code.Where(line => Exclusive().IsMatch(line))];
            Assert.All(ordering.Chunk(3), pair =>
            {
                Assert.True(pair.Length == 3, method);
                Assert.StartsWith("ldaxr\t", pair[0], StringComparison.Ordinal);
                Assert.StartsWith("stlxr\t", pair[1], StringComparison.Ordinal);
                Assert.Equal("dmb\tish", pair[2]);
            });
            pairs += ordering.Length / 3;
        }

        Assert.InRange(pairs, 100, int.MaxValue);
    }

    private static Dictionary<string, List<string>> Disassemble()
    {
        string library = Path.Combine(Arm64.Folder, "libquarry.so");
        Dictionary<string, List<string>> methods = [];
        List<string> code = [];
        Outcome outcome = new Run(Arm64Tools.Require("objdump"), "-d", "--no-show-raw-insn", library)
        {
            LongestOutput = 64 << 20,
        }.Start();
        foreach (string line in outcome.ExpectSuccess().Output.Split('\n'))
        {
            if (Method().Match(line) is { Success: true } method)
            {
                code = methods[method.Groups[1].Value] = [];
            }
            else if (line.Split('\t', 2) is [_, string instruction])
            {
                code.Add(instruction);
            }
        }

        return methods;
    }

    [GeneratedRegex("^[0-9a-f]+ <(.*)>:$")]
    private static partial Regex Method();

    [GeneratedRegex("^(ldar|ldapr|stlr|ldaxr|ldxr|stlxr|stxr|dmb|cas|swp|ldadd)")]
    private static partial Regex Ordering();

    [GeneratedRegex("^(ldaxr|ldxr|stlxr|stxr|dmb)")]
    private static partial Regex Exclusive();
}
