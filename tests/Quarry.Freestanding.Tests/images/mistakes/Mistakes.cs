using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Freestanding.Tests;

/// <summary>One method for each construct that compiles but cannot be in an image.</summary>
internal static class Mistakes
{
    private static readonly nuint s_started = Clock();

    [RuntimeExport("started")]
    public static nuint Started() => s_started;

    [RuntimeExport("allocates")]
    public static nuint Allocates(nuint value) => Read(new Node { Value = value });

    [RuntimeExport("boxes")]
    public static nuint Boxes(nuint value) => Ask(new Answer { Value = value });

    [RuntimeExport("calls")]
    public static nuint Calls(nuint value) => Clock() + value;

    [RuntimeExport("leaves")]
    public static nuint Leaves(nuint value, nuint other) => value == other ? Clock() : Clock() + value;

    [RuntimeExport("is_long")]
    public static nuint IsLong(nuint value) => (value * 31) ^ (value >> 5);

    [RuntimeExport("imports")]
    public static nuint Imports() => Environment();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint Read(Node node) => node.Value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint Ask(IAnswer answer) => answer.Give();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "nowhere_clock")]
    private static extern nuint Clock();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_getenv")]
    private static extern nuint Environment();

    private interface IAnswer
    {
        nuint Give();
    }

    private sealed class Node
    {
        public nuint Value;
    }

    private struct Answer : IAnswer
    {
        public nuint Value;

        public readonly nuint Give() => Value;
    }
}
