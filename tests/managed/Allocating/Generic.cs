using System.Runtime.CompilerServices;

namespace Quarry.Allocating;

/// <summary>Generic code, shared for classes and of its own for structs.</summary>
internal sealed class Generic<T>(T value)
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal int Run(int bytes) => Leaf.Allocate(bytes) + (value is null ? 1 : 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int Both<TOther>(int bytes) => Leaf.Allocate(bytes) + typeof(TOther).Name.Length;
}
