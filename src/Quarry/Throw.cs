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

    /// <summary>The elements of a collection would take more bytes than there are addresses.</summary>
    [DoesNotReturn]
    internal static void TooMany(nuint count, int elementSize) => throw new OutOfMemoryException(
        $"{count} elements of {elementSize} bytes are more than the {Layout.MaxSize} bytes of a block.");

    [DoesNotReturn]
    internal static void OutOfRange(string parameter, object value, string message) =>
        throw new ArgumentOutOfRangeException(parameter, value, message);

    [DoesNotReturn]
    internal static void Disposed(string typeName) => throw new ObjectDisposedException(typeName);
}
