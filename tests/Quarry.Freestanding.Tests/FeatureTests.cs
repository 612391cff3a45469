using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime;
using Xunit;

namespace Quarry.Freestanding.Tests;

/// <summary>C# in an image has the same results as on .NET.</summary>
public sealed unsafe class FeatureTests(Images images)
{
    internal static readonly ulong[] Values =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 13, 16, 31, 32, 63, 64, 255, 256, 4095, 65_535, 65_536,
        0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x1_0000_0000, 0x1234_5678_9ABC_DEF0, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000,
        ulong.MaxValue - 1, ulong.MaxValue,
    ];

    internal static readonly int[] Lengths =
        [.. Enumerable.Range(0, 70), 127, 128, 129, 191, 192, 255, 256, 257, 1023, 2047, 2048, 2049, 3000];

    private static readonly int[] s_offsets = [0, 1, 15, 16, 17, 63, 64, 65, 200, 2500];

    /// <summary>Gets the offsets of the source, and of the destination in the upper bits.</summary>
    internal static IEnumerable<nuint> OffsetPairs =>
        from source in s_offsets from target in s_offsets select ((nuint)target << 16) | (nuint)source;

    public static TheoryData<string> Arithmetic =>
        [.. Methods.Keys.Where(name => !name.EndsWith("_memory", StringComparison.Ordinal))];

    internal static Dictionary<string, MethodInfo> Methods { get; } =
        typeof(Features).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(method => method.GetCustomAttribute<RuntimeExportAttribute>()!.EntryPoint);

    [Theory]
    [MemberData(nameof(Arithmetic))]
    public void Has_the_same_result_on_dotnet(string name)
    {
        var image = (delegate* unmanaged<nuint, nuint, nuint>)images.Function(name);
        var dotnet = (delegate*<nuint, nuint, nuint>)Methods[name].MethodHandle.GetFunctionPointer();
        foreach (nuint a in Values.Select(value => (nuint)value))
        {
            foreach (nuint b in Values.Select(value => (nuint)value))
            {
                Assert.True(dotnet(a, b) == image(a, b), $"{name}({a}, {b})");
            }
        }
    }

    [Theory]
    [InlineData("copy_memory")]
    [InlineData("fill_memory")]
    public void Copies_and_fills_memory_as_on_dotnet(string name)
    {
        var image = (delegate* unmanaged<nuint, nuint, nuint>)images.Function(name);
        var dotnet = (delegate*<nuint, nuint, nuint>)Methods[name].MethodHandle.GetFunctionPointer();
        foreach (int length in Lengths)
        {
            foreach (nuint offsets in OffsetPairs)
            {
                Assert.True(
                    dotnet((nuint)length, offsets) == image((nuint)length, offsets),
                    $"{name}: {length} bytes, {offsets & 0xFFFF} and {offsets >> 16}");
            }
        }
    }
}
