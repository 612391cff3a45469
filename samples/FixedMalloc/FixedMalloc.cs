using System.Runtime.CompilerServices;
using Quarry;

namespace FixedMalloc;

/// <summary>The memory of a program is an array in the library: nothing is asked of the system.</summary>
/// <remarks>
/// 64 MiB, of which only what is touched takes memory. No block but the last is used again.
/// </remarks>
public readonly unsafe struct FixedMalloc : IAllocatorFactory<FixedBuffer>
{
    /// <summary>The bytes in the array.</summary>
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
