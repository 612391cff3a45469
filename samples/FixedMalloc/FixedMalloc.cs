using System.Runtime.CompilerServices;
using Quarry;

namespace FixedMalloc;

/// <summary>Creates an allocator over an array in the library; it maps no memory.</summary>
/// <remarks>
/// The size of the array is 64 MiB; only touched pages use memory. Only the last block can be reused.
/// </remarks>
public readonly unsafe struct FixedMalloc : IAllocatorFactory<FixedBuffer>
{
    /// <summary>The size of the array, in bytes.</summary>
    public const int Size = 64 << 20;

    [FixedAddressValueType]
    private static Storage s_storage;

    /// <inheritdoc/>
    public static bool TryCreate(out FixedBuffer allocator)
    {
        fixed (Storage* storage = &s_storage)
        {
            return FixedBuffer.TryCreate(storage, Size, out allocator);
        }
    }

    private struct Storage
    {
        public fixed byte Bytes[Size];
    }
}
