using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Where there is no runtime: the block that the C library keeps, or the kernel.</content>
public static unsafe partial class EnvironmentVariable
{
    // Linux lets arguments and environment together be a quarter of the stack: 2 MiB as a rule.
    private const nuint MaxBytes = 2 * 1024 * 1024;

    /// <summary>The value of a variable, which ends with a zero byte; null if it is not set.</summary>
    internal static byte* Find(ReadOnlySpan<byte> name)
    {
        byte*** variable = Block();
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
    /// The same from the kernel, for when no library has looked at the environment, or none ever will.
    /// </summary>
    private static byte* FindInKernel(ReadOnlySpan<byte> name)
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
        int length = 0;
        while (text != null && text[length] != 0)
        {
            length++;
        }

        value = new ReadOnlySpan<byte>(text, length);
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

    /// <summary><c>char** environ</c>: the address of the variable; null without a C library.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak_environ")]
    private static extern byte*** Block();
}
