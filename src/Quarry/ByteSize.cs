using System;

namespace Quarry;

/// <summary>Sizes in the units people use: <c>64.MiB()</c>.</summary>
public static class ByteSize
{
    extension(int count)
    {
        /// <summary>So many times 1024 bytes.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
        public nuint KiB() => Of(count, 10);

        /// <summary>So many times 1024 KiB, in bytes.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
        public nuint MiB() => Of(count, 20);

        /// <summary>So many times 1024 MiB, in bytes.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
        public nuint GiB() => Of(count, 30);
    }

    // 31 bits shifted by 30 fit a word, so nothing is lost.
    private static nuint Of(int count, int shift)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return (nuint)count << shift;
    }
}
