namespace Quarry;

/// <summary>Provides common sizes as type arguments.</summary>
public static class Bytes
{
    /// <summary>16 bytes.</summary>
    public readonly struct Of16 : IByteCount
    {
        /// <inheritdoc/>
        public static nuint Bytes => 16;
    }

    /// <summary>64 bytes: a cache line.</summary>
    public readonly struct Of64 : IByteCount
    {
        /// <inheritdoc/>
        public static nuint Bytes => 64;
    }

    /// <summary>256 bytes.</summary>
    public readonly struct Of256 : IByteCount
    {
        /// <inheritdoc/>
        public static nuint Bytes => 256;
    }

    /// <summary>1024 bytes.</summary>
    public readonly struct Of1K : IByteCount
    {
        /// <inheritdoc/>
        public static nuint Bytes => 1 << 10;
    }

    /// <summary>4096 bytes: a page of x86-64.</summary>
    public readonly struct Of4K : IByteCount
    {
        /// <inheritdoc/>
        public static nuint Bytes => 4 << 10;
    }

    /// <summary>64 KiB.</summary>
    public readonly struct Of64K : IByteCount
    {
        /// <inheritdoc/>
        public static nuint Bytes => 64 << 10;
    }
}
