using System;

namespace Quarry.Malloc;

/// <summary>The controls of one arena, <c>arena.#.*</c>.</summary>
internal static unsafe class ArenaNodes
{
    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("arena.#.initialized"u8, MallctlType.Boolean)
            ? node.Return(node.First != Arenas.Destroyed)
            : 0,
        1 => node.Is("arena.#.purge"u8, MallctlType.Void, MallctlAccess.Action)
            ? Purge(node.First, all: true)
            : 0,
        2 => node.Is("arena.#.decay"u8, MallctlType.Void, MallctlAccess.Action)
            ? Purge(node.First, all: false)
            : 0,

        // Only arenas that a program has created can be reset or destroyed.
        3 => node.Is("arena.#.reset"u8, MallctlType.Void, MallctlAccess.Action) ? MallctlError.Fault : 0,
        4 => node.Is("arena.#.destroy"u8, MallctlType.Void, MallctlAccess.Action) ? MallctlError.Fault : 0,
        5 => node.Is("arena.#.dss"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? node.Writes ? SetDss((byte*)node.Input) : node.ReturnText("disabled\0"u8)
            : 0,
        6 => node.Is("arena.#.dirty_decay_ms"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? node.First >= Arenas.Count ? MallctlError.Fault
            : node.Writes ? DecayControls.SetDirty(node.Input)
            : node.ReturnSigned(DecayControls.Dirty)
            : 0,
        7 => node.Is("arena.#.muzzy_decay_ms"u8, MallctlType.Word, MallctlAccess.ReadWrite)
            ? node.First >= Arenas.Count ? MallctlError.Fault
            : node.Writes ? DecayControls.SetMuzzy(node.Input)
            : node.ReturnSigned(DecayControls.Muzzy)
            : 0,
        _ => node.End(),
    };

    private static int Purge(nuint arena, bool all)
    {
        if (arena == Arenas.Destroyed)
        {
            return MallctlError.Fault;
        }

        ThreadHeap* thread = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        if (thread == null)
        {
            return MallctlError.TryAgain;
        }

        if (all)
        {
            _ = HeapUpkeep.Trim(thread);
        }
        else if (thread->Heap->Backend.DecayMilliseconds > 0)
        {
            thread->Heap->Backend.Decay(Os.Milliseconds());
        }

        return MallctlError.None;
    }

    // The heap never uses the program break.
    private static int SetDss(byte* name)
    {
        if (name == null)
        {
            return MallctlError.InvalidArgument;
        }

        ReadOnlySpan<byte> text = CText.Span(name);
        return text.SequenceEqual("disabled"u8) ? MallctlError.None
            : text.SequenceEqual("primary"u8) || text.SequenceEqual("secondary"u8) ? MallctlError.Fault
            : MallctlError.InvalidArgument;
    }
}
