using System;

namespace Quarry.Malloc;

/// <summary>The environment of the process.</summary>
internal static unsafe class EnvironmentBlock
{
    // Linux lets arguments and environment together be a quarter of the stack: 2 MiB as a rule.
    private const nuint MaxBytes = 2 * 1024 * 1024;

    /// <summary>The value of a variable, which ends with a zero byte; null if it is not set.</summary>
    /// <param name="prefix">The name and the equals sign.</param>
    internal static byte* Find(ReadOnlySpan<byte> prefix)
    {
        byte*** variable = LibC.Environment();
        if (variable == null || *variable == null)
        {
            return FindInKernel(prefix);
        }

        for (byte** entry = *variable; *entry != null; entry++)
        {
            if (StartsWith(*entry, prefix))
            {
                return *entry + prefix.Length;
            }
        }

        return null;
    }

    /// <summary>
    /// The same from the kernel, for when no library has looked at the environment, or none ever will.
    /// </summary>
    private static byte* FindInKernel(ReadOnlySpan<byte> prefix)
    {
        byte* block = (byte*)Os.Map(MaxBytes);
        if (block == null)
        {
            return null;
        }

        // What follows the last entry is zero: the mapping is fresh, and one page of it is never read into.
        nuint length = OsFile.Read("/proc/self/environ\0"u8, block, MaxBytes - Os.PageSize);
        for (byte* entry = block; entry < block + length; entry++)
        {
            if (StartsWith(entry, prefix))
            {
                return entry + prefix.Length;
            }

            while (*entry != 0)
            {
                entry++;
            }
        }

        Os.Unmap(block, MaxBytes);
        return null;
    }

    private static bool StartsWith(byte* text, ReadOnlySpan<byte> prefix)
    {
        for (int at = 0; at < prefix.Length; at++)
        {
            if (text[at] != prefix[at])
            {
                return false;
            }
        }

        return true;
    }
}
