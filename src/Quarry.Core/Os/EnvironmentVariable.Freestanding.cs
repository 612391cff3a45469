using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>In an image: reads the C library's <c>environ</c> or, failing that, the kernel's copy.</content>
public static unsafe partial class EnvironmentVariable
{
    // Linux limits arguments and environment together to a quarter of the stack, usually 2 MiB.
    private const nuint MaxBytes = 2 * 1024 * 1024;

    /// <summary>Returns the zero-terminated value of a variable; null if it is not set.</summary>
    internal static byte* Find(ReadOnlySpan<byte> name)
    {
        byte*** variable = Environment();
        if (variable == null || *variable == null)
        {
            return FindInKernel(name);
        }

        for (byte** entry = *variable; *entry != null; entry++)
        {
            if (IsNamed(*entry, name))
            {
                return *entry + name.Length + 1;
            }
        }

        return null;
    }

    /// <summary>
    /// Finds a variable if the C library has not set <c>environ</c> yet, or if there is no C library.
    /// </summary>
    private static byte* FindInKernel(ReadOnlySpan<byte> name)
    {
        byte* block = (byte*)Os.Map(MaxBytes);
        if (block == null)
        {
            return null;
        }

        // The last page of the new mapping is never read into, so the last entry is followed by zeros.
        nuint length = OsFile.Read("/proc/self/environ\0"u8, block, MaxBytes - Os.PageSize);
        for (byte* entry = block; entry < block + length; entry++)
        {
            if (IsNamed(entry, name))
            {
                return entry + name.Length + 1;
            }

            while (*entry != 0)
            {
                entry++;
            }
        }

        Os.Unmap(block, MaxBytes);
        return null;
    }

    private static bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        byte* text = Find(name);
        value = CText.Span(text);
        return text != null;
    }

    private static bool IsNamed(byte* entry, ReadOnlySpan<byte> name)
    {
        for (int at = 0; at < name.Length; at++)
        {
            if (entry[at] != name[at])
            {
                return false;
            }
        }

        return entry[name.Length] == '=';
    }

    /// <summary>Returns the address of <c>char** environ</c>; null without a C library.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_environ")]
    private static extern byte*** Environment();
}
