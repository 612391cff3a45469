using System;

namespace Quarry.Gc;

/// <summary>Reads the memory limit of the process's control group, which is that of a container.</summary>
/// <remarks>
/// Both versions of control groups are supported. The limits of parent groups also apply, so all groups up to
/// the root are read. In a container, the path may be that of the host, of which only the root is visible.
/// </remarks>
internal static unsafe class ControlGroup
{
    private const int Capacity = 4096, NumberCapacity = 32;

    /// <summary>
    /// Tries to get the lowest limit, and the number of bytes in use in its group; returns false if there is
    /// no limit.
    /// </summary>
    internal static bool TryGetLimit(out ulong limit, out ulong used)
    {
        byte* text = stackalloc byte[Capacity];
        int length = (int)OsFile.Read("/proc/self/cgroup"u8, text, Capacity);
        limit = ulong.MaxValue;
        used = 0;
        for (int start = 0, end; start < length; start = end + 1)
        {
            end = start;
            while (end < length && text[end] != '\n')
            {
                end++;
            }

            ReadOnlySpan<byte> line = new(text + start, end - start);
            int name = Find(line, ":memory:"u8);
            if (name >= 0)
            {
                ReadGroups("/sys/fs/cgroup/memory"u8, line.Slice(name), "/memory.limit_in_bytes"u8,
                    "/memory.usage_in_bytes"u8, ref limit, ref used);
            }
            else if (Find(line, "0::"u8) == "0::"u8.Length)
            {
                ReadGroups("/sys/fs/cgroup"u8, line.Slice("0::"u8.Length), "/memory.max"u8,
                    "/memory.current"u8, ref limit, ref used);
            }
        }

        // Without a limit, the file contains a huge number in version 1, and a word in version 2.
        return limit < long.MaxValue / 2;
    }

    private static void ReadGroups(
        ReadOnlySpan<byte> root,
        ReadOnlySpan<byte> group,
        ReadOnlySpan<byte> limitFile,
        ReadOnlySpan<byte> usedFile,
        ref ulong limit,
        ref ulong used)
    {
        for (int length = group.Length; length >= 0; length--)
        {
            // The whole path, and each prefix before a slash: the group, then its parents.
            if ((length == group.Length || group[length] == '/')
                && TryRead(root, group.Slice(0, length), limitFile, out ulong found)
                && found < limit)
            {
                limit = found;
                _ = TryRead(root, group.Slice(0, length), usedFile, out used);
            }
        }
    }

    private static bool TryRead(
        ReadOnlySpan<byte> root, ReadOnlySpan<byte> group, ReadOnlySpan<byte> file, out ulong number)
    {
        TextBuffer path = new(stackalloc byte[Capacity]);
        path.Append(root);
        path.Append(group);
        path.Append(file);
        path.Append((byte)0);
        byte* text = stackalloc byte[NumberCapacity];
        int length = (int)OsFile.Read(path.Text, text, NumberCapacity);
        return TryParse(new ReadOnlySpan<byte>(text, length), out number);
    }

    /// <summary>Tries to parse the decimal number at the start of a text.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out ulong number)
    {
        number = 0;
        int at = 0;
        for (; at < text.Length && text[at] >= '0' && text[at] <= '9'; at++)
        {
            number = (number * 10) + (ulong)(text[at] - '0');
        }

        return at > 0;
    }

    /// <summary>Returns the index after the first occurrence of a word; -1 if there is none.</summary>
    internal static int Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        for (int start = 0; start + word.Length <= text.Length; start++)
        {
            int same = 0;
            while (same < word.Length && text[start + same] == word[same])
            {
                same++;
            }

            if (same == word.Length)
            {
                return start + word.Length;
            }
        }

        return -1;
    }
}
