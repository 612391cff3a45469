using System;

namespace Quarry.Malloc;

/// <summary>The options of automatic arenas.</summary>
/// <remarks>
/// Unless an option asks for more, the process heap is the only automatic arena: its pages belong to threads
/// already, so that further ones do not reduce contention.
/// </remarks>
internal static class ArenaOptions
{
    // As in jemalloc, one index is left for the arena of oversize blocks.
    private const uint MostCount = 4094;

    // The least threshold; jemalloc's smallest large block.
    private const nuint LeastOversize = 16 * 1024;

    private static uint s_requested, s_count;
    private static nuint s_oversize;

    /// <summary>Gets the number of arenas over which threads are spread.</summary>
    internal static uint Count => s_count == 0 ? 1 : s_count;

    /// <summary>Gets the index of the arena for oversize blocks; there is none if it is 0.</summary>
    internal static uint OversizeIndex => s_oversize == 0 ? 0 : Count;

    /// <summary>Gets the number of indexes of automatic arenas.</summary>
    internal static uint Total => s_oversize == 0 ? Count : Count + 1;

    /// <summary>Gets a value that indicates whether threads use the arenas of their processors.</summary>
    internal static ProcessorArenas Mode { get; private set; }

    /// <summary>Gets the size from which on blocks are in an arena of their own; 0 if none are.</summary>
    internal static nuint OversizeThreshold => s_oversize;

    /// <summary>Gets the number of arenas that processors have; 0 if they have none.</summary>
    internal static uint ProcessorCount => Mode switch
    {
        ProcessorArenas.None => 0,
        ProcessorArenas.Each => Processors.Count,
        _ => (Processors.Count + 1) / 2,
    };

    /// <summary>Gets the name of the mode, zero-terminated.</summary>
    internal static ReadOnlySpan<byte> ModeName => Mode switch
    {
        ProcessorArenas.None => "disabled\0"u8,
        ProcessorArenas.Each => "percpu\0"u8,
        _ => "phycpu\0"u8,
    };

    /// <summary>Sets the option <c>narenas</c>.</summary>
    internal static ConfResult SetCount(ReadOnlySpan<byte> value)
    {
        bool isDefault = value.SequenceEqual("default"u8);
        ulong number = 0;
        if (!isDefault && !ConfNumber.TryParse(value, out number))
        {
            return ConfResult.Invalid;
        }

        if (!isDefault && (number == 0 || number > uint.MaxValue))
        {
            return ConfResult.OutOfRange;
        }

        s_requested = (uint)number;
        return ConfResult.Set;
    }

    /// <summary>Sets the option <c>percpu_arena</c>.</summary>
    internal static ConfResult SetMode(ReadOnlySpan<byte> value)
    {
        bool each = value.SequenceEqual("percpu"u8), core = value.SequenceEqual("phycpu"u8);
        if (!each && !core && !value.SequenceEqual("disabled"u8))
        {
            return ConfResult.Invalid;
        }

        Mode = each ? ProcessorArenas.Each : core ? ProcessorArenas.EachCore : ProcessorArenas.None;
        return ConfResult.Set;
    }

    /// <summary>Sets the option <c>oversize_threshold</c>.</summary>
    internal static ConfResult SetOversize(ReadOnlySpan<byte> value)
    {
        if (!ConfNumber.TryParse(value, out ulong number))
        {
            return ConfResult.Invalid;
        }

        s_oversize = number < LeastOversize || number > Layout.MaxSize ? 0 : (nuint)number;
        return ConfResult.Set;
    }

    /// <summary>Applies the options to each other, when all are read.</summary>
    internal static void Complete()
    {
        uint count = s_requested;
        if (count > MostCount)
        {
            JemallocMessage.Write("Reducing narenas to limit (4094)"u8, default, default, isPair: false);
            count = MostCount;
        }

        uint processors = ProcessorCount;
        if (Mode == ProcessorArenas.EachCore && Processors.Count % 2 != 0)
        {
            JemallocMessage.Write(
                "invalid configuration -- per physical CPU arena with an odd number of CPUs "u8,
                "(no hyper threading?)."u8, default, isPair: false);
        }

        s_count = count < processors ? processors : count;
    }
}
