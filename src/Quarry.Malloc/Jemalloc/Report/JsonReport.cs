using System;

namespace Quarry.Malloc;

/// <summary>Writes the statistics as JSON, with jemalloc's keys.</summary>
/// <remarks>
/// The objects are written from the controls, so each number is what <c>mallctl</c> returns for its path.
/// </remarks>
internal static unsafe class JsonReport
{
    internal static void Write(ref ReportWriter writer, in ReportParts parts)
    {
        writer.Append("{\"jemalloc\":{"u8);
        if (parts.General)
        {
            Member(ref writer, JemallocTree.Process, "version"u8, isFirst: true);
            Object(ref writer, ",\"config\":{"u8, JemallocTree.Config, "config."u8, 0, 0);
            Source(ref writer, ",\"opt\":{\"global_var\":"u8, ConfSource.Variable);
            Source(ref writer, ",\"symlink\":"u8, ConfSource.Link);
            Source(ref writer, ",\"env_var\":"u8, ConfSource.Environment);
            Source(ref writer, ",\"global_var_2_conf_harder\":"u8, ConfSource.LastVariable);
            Object(ref writer, ","u8, JemallocTree.Option, "opt."u8, 0, 0);
            Object(ref writer, ",\"prof\":{"u8, JemallocTree.Prof, "prof."u8, 0, 0);
            writer.Append(",\"arenas\":{"u8);
            Members(ref writer, JemallocTree.Arenas, "arenas."u8, 0, 0);
            Array(ref writer, "bin"u8, JemallocTree.Arenas, "arenas.bin.#."u8, SizeClasses.BinCount);
            Array(
                ref writer, "lextent"u8, JemallocTree.Arenas, "arenas.lextent.#."u8, SizeClasses.LargeCount);
            writer.Append("},"u8);
        }

        writer.Append("\"stats\":{"u8);
        Members(ref writer, JemallocTree.Stats, "stats."u8, 0, 0);
        if (parts.Mutexes)
        {
            Mutexes(ref writer, null);
        }

        writer.Append("},\"stats.arenas\":{"u8);
        if (parts.Merged)
        {
            Arena(ref writer, "\"merged\":{"u8, parts, Malloc.Arenas.All);
        }

        bool isFirst = !parts.Merged;
        if (parts.Destroyed)
        {
            Arena(
                ref writer, isFirst ? "\"destroyed\":{"u8 : ",\"destroyed\":{"u8, parts,
                Malloc.Arenas.Destroyed);
            isFirst = false;
        }

        nuint index = 0;
        while (parts.EachArena && Malloc.Arenas.TryNext(ref index, out Arena* arena))
        {
            Arena(ref writer, isFirst, parts, arena);
            isFirst = false;
        }

        writer.Append("}}}\n"u8);
    }

    /// <summary>Writes the text of a source of options; empty if it has none.</summary>
    private static void Source(ref ReportWriter writer, ReadOnlySpan<byte> start, ConfSource source)
    {
        writer.Append(start);
        byte* text = ConfSources.TextOf(source);
        MallctlNode node = default;
        _ = text == null ? node.ReturnText("\0"u8) : node.ReturnText(text);
        writer.AppendValue(ref node);
    }

    /// <summary>Writes a single arena, which has a name.</summary>
    private static void Arena(
        ref ReportWriter writer, bool isFirst, in ReportParts parts, Arena* arena)
    {
        byte* name = stackalloc byte[Malloc.Arena.NameSize];
        arena->CopyName(name);
        writer.Append(isFirst ? "\""u8 : ",\""u8);
        writer.Append(arena->Index);
        writer.Append("\":{\"name\":"u8);
        MallctlNode node = default;
        _ = node.ReturnText(name);
        writer.AppendValue(ref node);
        Arena(ref writer, ","u8, parts, arena->Index);
    }

    private static void Arena(
        ref ReportWriter writer, ReadOnlySpan<byte> start, in ReportParts parts, nuint arena)
    {
        writer.Append(start);
        Members(ref writer, JemallocTree.ArenaStats, "stats.arenas.#."u8, arena, 0);
        Snapshot* now = Snapshots.Of(arena);
        if (parts.Mutexes && now != null)
        {
            Mutexes(ref writer, now);
        }

        if (parts.Bins)
        {
            Array(
                ref writer, "bins"u8, JemallocTree.ArenaStats, "stats.arenas.#.bins.#."u8,
                SizeClasses.BinCount, arena, parts.Mutexes);
        }

        if (parts.Large)
        {
            Array(
                ref writer, "lextents"u8, JemallocTree.ArenaStats, "stats.arenas.#.lextents.#."u8,
                SizeClasses.LargeCount, arena);
        }

        if (parts.Extents)
        {
            Array(
                ref writer, "extents"u8, JemallocTree.ArenaStats, "stats.arenas.#.extents.#."u8,
                ExtentSteps.Count, arena);
        }

        writer.Append("}"u8);
    }

    /// <summary>Writes the member with the locks of an arena; of the process for null.</summary>
    private static void Mutexes(ref ReportWriter writer, Snapshot* arena)
    {
        int count = arena == null ? MutexNames.ProcessCount : MutexNames.ArenaCount;
        writer.Append(",\"mutexes\":{"u8);
        for (int mutex = 0; mutex < count; mutex++)
        {
            LockStatistics statistics = arena == null
                ? ProcessMutexes.Of((nuint)mutex)
                : MutexNodes.OfArena(arena, (nuint)mutex);
            writer.Append(mutex == 0 ? "\""u8 : ",\""u8);
            writer.Append(arena == null ? MutexNames.OfProcess(mutex) : MutexNames.OfArena(mutex));
            for (int counter = 0; counter < MutexCounters.Count; counter++)
            {
                writer.Append(counter == 0 ? "\":{\""u8 : ",\""u8);
                writer.Append(MutexCounters.NameOf(counter));
                writer.Append("\":"u8);
                writer.Append(MutexCounters.ValueOf(statistics, counter));
            }

            writer.Append("}"u8);
        }

        writer.Append("}"u8);
    }

    /// <summary>Writes a member that is an array of objects, one for each number of a path.</summary>
    /// <remarks>If the path has two numbers, the first is that of the arena.</remarks>
    private static void Array(
        ref ReportWriter writer, ReadOnlySpan<byte> name, int group, ReadOnlySpan<byte> path, int count,
        nuint? arena = null, bool mutexes = true)
    {
        writer.Append(",\""u8);
        writer.Append(name);
        for (int index = 0; index < count; index++)
        {
            nuint number = (nuint)index;
            ReadOnlySpan<byte> start = index == 0 ? "\":[{"u8 : ",{"u8;
            Object(ref writer, start, group, path, arena ?? number, number, mutexes);
        }

        writer.Append("]"u8);
    }

    private static void Object(
        ref ReportWriter writer, ReadOnlySpan<byte> start, int group, ReadOnlySpan<byte> path, nuint first,
        nuint second, bool mutexes = true)
    {
        writer.Append(start);
        Members(ref writer, group, path, first, second, mutexes);
        writer.Append("}"u8);
    }

    /// <summary>
    /// Writes the readable controls below a path that need no further number; those one level deeper as an
    /// object.
    /// </summary>
    private static void Members(
        ref ReportWriter writer, int group, ReadOnlySpan<byte> path, nuint first, nuint second,
        bool mutexes = true)
    {
        ReadOnlySpan<byte> open = default;
        bool isFirst = true;
        MallctlNode node = default;
        for (int index = 0; ; index++)
        {
            node.Acts = false;
            _ = JemallocTree.Visit(ref node, group, index);
            if (node.Path.IsEmpty)
            {
                break;
            }

            if (!IsMember(node, path))
            {
                continue;
            }

            ReadOnlySpan<byte> name = node.Path.Slice(path.Length);
            int dot = name.IndexOf((byte)'.');
            ReadOnlySpan<byte> inner = name.Slice(0, dot < 0 ? 0 : dot);
            if (!mutexes && inner.SequenceEqual("mutex"u8))
            {
                continue;
            }

            if (!inner.SequenceEqual(open))
            {
                writer.Append(open.IsEmpty ? default : "}"u8);
                if (!inner.IsEmpty)
                {
                    writer.Append(isFirst ? "\""u8 : ",\""u8);
                    writer.Append(inner);
                    writer.Append("\":{"u8);
                }

                isFirst = !inner.IsEmpty;
                open = inner;
            }

            node.First = first;
            node.Second = second;
            Value(ref writer, ref node, group, index, name.Slice(dot + 1), isFirst);
            isFirst = false;
        }

        writer.Append(open.IsEmpty ? default : "}"u8);
    }

    private static bool IsMember(in MallctlNode node, ReadOnlySpan<byte> path) =>
        node.Path.StartsWith(path)
            && node.Path.Slice(path.Length).IndexOf((byte)'#') < 0
            && node.Path.Slice(path.Length).IndexOf((byte)'$') < 0

            // The texts of the sources have keys of their own in jemalloc.
            && !node.Path.StartsWith("opt.malloc_conf."u8)
            && node.Access is MallctlAccess.Read or MallctlAccess.ReadWrite;

    private static void Member(ref ReportWriter writer, int group, ReadOnlySpan<byte> path, bool isFirst)
    {
        MallctlNode node = default;
        int index = 0;
        do
        {
            _ = JemallocTree.Visit(ref node, group, index++);
        }
        while (!node.Path.SequenceEqual(path));

        Value(ref writer, ref node, group, index - 1, path, isFirst);
    }

    private static void Value(
        ref ReportWriter writer, scoped ref MallctlNode node, int group, int index, ReadOnlySpan<byte> name,
        bool isFirst)
    {
        writer.Append(isFirst ? "\""u8 : ",\""u8);
        writer.Append(name);
        writer.Append(name.SequenceEqual("uptime"u8) ? "_ns\":"u8 : "\":"u8);
        node.Acts = true;
        _ = JemallocTree.Visit(ref node, group, index);
        writer.AppendValue(ref node);
    }
}
