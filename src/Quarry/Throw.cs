using System;
using System.Diagnostics.CodeAnalysis;

namespace Quarry;

/// <summary>The exceptions of the public surface, out of the way of the code that may throw them.</summary>
internal static class Throw
{
    [DoesNotReturn]
    internal static void OutOfMemory(nuint size, nuint alignment) => throw new OutOfMemoryException(
        $"The allocator cannot serve {size} bytes aligned to {alignment}.");

    [DoesNotReturn]
    internal static void OutOfMemory(Layout layout) => OutOfMemory(layout.Size, layout.Alignment);

    /// <summary>The allocator returned null: because it is not alive, or because it has no memory.</summary>
    [DoesNotReturn]
    internal static void Unserved<TAllocator>(TAllocator allocator, Layout layout)
        where TAllocator : unmanaged, IAllocator
    {
        ThrowIfDead(allocator);
        OutOfMemory(layout);
    }

    /// <summary>Throws if the allocator, or one it is built on, was disposed or never created.</summary>
    internal static void ThrowIfDead<TAllocator>(TAllocator allocator)
        where TAllocator : unmanaged, IAllocator
    {
        if (Dead.Of(allocator) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>The elements of a collection would take more bytes than there are addresses.</summary>
    [DoesNotReturn]
    internal static void TooMany(nuint count, int elementSize) => throw new OutOfMemoryException(
        $"{count} elements of {elementSize} bytes are more than the {Layout.MaxSize} bytes of a block.");

    [DoesNotReturn]
    internal static void OutOfRange(string parameter, object value, string message) =>
        throw new ArgumentOutOfRangeException(parameter, value, message);

    [DoesNotReturn]
    internal static void Disposed(string typeName) => throw Dead.Disposed(typeName);
}
