using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>
/// The stack that a thread had at its last walk, in which the next walk looks for frames that are still
/// there.
/// </summary>
/// <remarks>
/// <para>
/// Two consecutive stacks of a thread usually share their outer frames. The state of a walk at a frame is the
/// return address and two registers, and each step depends on that state, the rule of the address, and the
/// words of the stack that the step reads. So once a walk has reached the state of a frame of the last walk,
/// and all words that the last walk read beyond it are unchanged, the frames beyond are unchanged, too.
/// Comparing the words takes a fraction of the time of a walk, because no load depends on another one.
/// </para>
/// <para>
/// Unlike the cache of rules, this does not compare the code before each address: a module can be replaced
/// only after all of its frames have returned, and the thread that loads the next one allocates meanwhile, at
/// another stack.
/// </para>
/// <para>
/// The frames, outermost first, follow the structure, so that the inner ones can be replaced; then as many
/// frames for the use of the walk. Only the thread itself uses them, and a signal handler only if the thread
/// does not: see <see cref="TryEnter"/>.
/// </para>
/// </remarks>
internal unsafe struct LastStack
{
    // Frames, and the words by which realigned frames are found.
    private const int Capacity = StackWalker.MaxFrames + 16;

    // The number of walks in the usual way after one that could not be kept.
    private const int Pause = 16;

    private int _busy;
    private int _paused;

    /// <summary>The number of entries; 0 if the last walk could not be kept.</summary>
    internal int Count;

    /// <summary>The way through the frames of the host.</summary>
    internal OwnFrames Own;

    /// <summary>Gets the size of the structure with its frames.</summary>
    internal static nuint Bytes => (nuint)sizeof(LastStack) + (((2 * Capacity) + 1) * (nuint)sizeof(Frame));

    /// <summary>Gets the frames, outermost first. There is one before them, which ends searches.</summary>
    internal static Frame* Frames(LastStack* stack) => (Frame*)(stack + 1) + 1;

    /// <summary>Gets the frames that a walk may use.</summary>
    internal static Frame* Scratch(LastStack* stack) => Frames(stack) + Capacity;

    /// <summary>Gets the end of <see cref="Scratch"/>.</summary>
    internal static Frame* ScratchEnd(LastStack* stack) => Frames(stack) + (2 * Capacity);

    /// <summary>Gets the number of addresses.</summary>
    internal static int Depth(LastStack* stack) =>
        stack->Count == 0 ? 0 : Frames(stack)[stack->Count - 1].Depth;

    /// <summary>Gets the hash of the addresses.</summary>
    internal static ulong Hash(LastStack* stack) =>
        stack->Count == 0 ? 0 : Frames(stack)[stack->Count - 1].Hash;

    /// <summary>Adds an address to the hash of those of the outer frames.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Combine(ulong hash, nuint address)
    {
        const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;
        hash = (hash ^ address) * GoldenRatio;
        return hash ^ (hash >> 29);
    }

    /// <summary>
    /// Tries to enter; fails in a signal handler that has interrupted the use of the stack. The stack must be
    /// left again.
    /// </summary>
    internal bool TryEnter()
    {
        if (_busy != 0 || _paused > 0)
        {
            _paused -= _busy == 0 ? 1 : 0;
            return false;
        }

        Volatile.Write(ref _busy, 1);
        return true;
    }

    internal void Leave() => Volatile.Write(ref _busy, 0);

    /// <summary>Forgets the frames, and leaves for some time.</summary>
    internal void Refuse()
    {
        Count = 0;
        _paused = Pause;
        Leave();
    }

    /// <summary>
    /// Replaces the frames inside of some outer ones; returns false if there are too many of them.
    /// </summary>
    /// <param name="stack">The stack.</param>
    /// <param name="outer">The number of outer frames that stay.</param>
    /// <param name="next">The end of the inner frames in <see cref="Scratch"/>, innermost first.</param>
    internal static bool TryReplace(LastStack* stack, int outer, Frame* next)
    {
        Frame* frames = Frames(stack), scratch = Scratch(stack);
        if (outer + (next - scratch) > Capacity)
        {
            return false;
        }

        Frame* frame = frames + outer;
        ulong hash = outer == 0 ? 0 : frame[-1].Hash;
        int depth = outer == 0 ? 0 : frame[-1].Depth;
        for (next--; next >= scratch; next--, frame++)
        {
            *frame = *next;
            frame->Saved = frame->Saved == null ? &frame->FramePointer : frame->Saved;
            if (frame->Depth != 0)
            {
                hash = Combine(hash, frame->Address);
                depth++;
            }

            frame->Hash = hash;
            frame->Depth = depth;
        }

        stack->Count = (int)(frame - frames);
        return depth <= StackWalker.MaxFrames;
    }

    /// <summary>Copies the addresses, innermost first.</summary>
    internal static void CopyAddresses(LastStack* stack, nuint* addresses)
    {
        Frame* frames = Frames(stack);
        for (int index = stack->Count - 1; index >= 0; index--)
        {
            if (frames[index].Depth != (index == 0 ? 0 : frames[index - 1].Depth))
            {
                *addresses++ = frames[index].Address;
            }
        }
    }

    /// <summary>The state of a walk at a frame, or a word that it read.</summary>
    internal struct Frame
    {
        /// <summary>The stack pointer in the frame. The word below it is <see cref="Address"/>.</summary>
        public nuint StackPointer;

        /// <summary>The return address into the frame, or the word.</summary>
        public nuint Address;

        /// <summary>
        /// The place of the word from which <see cref="FramePointer"/> was read; that field itself if it was
        /// not read. In <see cref="Scratch"/>, null then.
        /// </summary>
        public nuint* Saved;

        /// <summary>The frame pointer register in the frame.</summary>
        public nuint FramePointer;

        /// <summary>The hash of the addresses from the outermost one to this one.</summary>
        public ulong Hash;

        /// <summary>
        /// The number of addresses from the outermost one to this one. In <see cref="Scratch"/>, 0 for a word
        /// that is no address, and 1 otherwise.
        /// </summary>
        public int Depth;
    }
}
