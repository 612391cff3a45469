using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Walks that begin from the last stack of the thread.</content>
internal unsafe partial struct StackWalker
{
    /// <summary>Walks a stack from given registers, and keeps it.</summary>
    /// <param name="walker">The walker.</param>
    /// <param name="registers">The registers of the innermost frame, which is one of the host's own.</param>
    /// <param name="stack">The stack of that frame.</param>
    /// <param name="last">The last stack of the thread, which is replaced; the thread has entered it.</param>
    /// <returns>
    /// False if the stack is not complete, too deep, or contains a signal handler or code without unwind
    /// information; <paramref name="last"/> is not valid then.
    /// </returns>
    internal static bool TryRepeat(
        StackWalker* walker, UnwindRegisters registers, StackBounds stack, LastStack* last)
    {
        LastStack.Frame frame;
        if (!last->Own.TryLeave(registers, &frame) || walker->IsOwn(frame.Address))
        {
            if (!TryLeaveOwn(walker, registers, stack, &last->Own, &frame))
            {
                return false;
            }
        }

        LastStack.Frame* frames = LastStack.Frames(last);
        LastStack.Frame* next = LastStack.Scratch(last), limit = LastStack.ScratchEnd(last) - 2;
        LastStack.Frame* known = frames + last->Count - 1;

        // Ends each search. A stack that was longer than this one is another one.
        frames[-1].StackPointer = nuint.MaxValue;
        known = last->Count > 0 && frames->StackPointer > stack.High ? frames - 1 : known;
        RuleCache rules = walker->_rules;
        nuint address = frame.Address, sp = frame.StackPointer, bp = frame.FramePointer;
        nuint* saved = frame.Saved;
        while (next < limit)
        {
            while (known->StackPointer < sp)
            {
                known--;
            }

            if (known->StackPointer == sp && known->Address == address && known->FramePointer == bp)
            {
                // A step from another frame may have led there.
                known->Saved = saved == null ? &known->FramePointer : saved;
                LastStack.Frame* outermost = FindUnchanged(frames, known);
                if (outermost == frames)
                {
                    return LastStack.TryReplace(last, (int)(known - frames) + 1, next);
                }

                // The frames up to that one are kept; the step from it leads elsewhere now.
                next = Copy(known, outermost, next, limit);
                if (next >= limit)
                {
                    return false;
                }

                address = outermost->Address;
                sp = outermost->StackPointer;
                bp = outermost->FramePointer;
                saved = outermost->Saved == &outermost->FramePointer ? null : outermost->Saved;
                known = outermost - 1;
            }

            next->StackPointer = sp;
            next->Address = address;
            next->Saved = saved;
            next->FramePointer = bp;
            next->Depth = 1;
            next++;
            if (!rules.TryGet(address, compareCode: true, out UnwindRule rule))
            {
                if (address == 0)
                {
                    next[-1].Depth = 0;
                    return LastStack.TryReplace(last, 0, next);
                }

                rule = rules.TryGetSecond(address, compareCode: true, out UnwindRule second)
                    ? second
                    : FindRule(walker, address);
            }

            RuleKind kind = rule.Kind;
            nuint cfa, place;
            if (kind is RuleKind.StackPointer or RuleKind.FramePointer
                || (kind == RuleKind.Frame && bp != 0))
            {
                cfa = (kind == RuleKind.StackPointer ? sp : bp) + (nuint)rule.CfaOffset;
                place = cfa + (nuint)rule.SavedOffset;
            }
            else if (kind is RuleKind.Frame or RuleKind.End)
            {
                return LastStack.TryReplace(last, 0, next);
            }
            else if (kind != RuleKind.Realigned || !IsWordOf(bp + (nuint)rule.CfaOffset, sp, stack.High))
            {
                return false;
            }
            else
            {
                // The word that holds the CFA is one that the step reads as well.
                place = bp + (nuint)rule.CfaOffset;
                cfa = *(nuint*)place;
                next->StackPointer = place + WordBytes;
                next->Address = cfa;
                next->Saved = null;
                next->FramePointer = bp;
                next->Depth = 0;
                next++;
                if (cfa <= place)
                {
                    return false;
                }

                place = bp + (nuint)rule.SavedOffset;
            }

            if (cfa <= sp || cfa > stack.High || cfa % WordBytes != 0)
            {
                return false;
            }

            // That of a realigned frame is an offset from the frame pointer, where 0 is one.
            saved = null;
            if (rule.SavedOffset != 0 || kind == RuleKind.Realigned)
            {
                // The word is below the CFA, as the frame itself is.
                if (place - sp >= cfa - sp || place % WordBytes != 0)
                {
                    return false;
                }

                saved = (nuint*)place;
                bp = *saved;
            }

            address = *(nuint*)(cfa - WordBytes);
            sp = cfa;
        }

        return false;
    }

    /// <summary>Goes to the first frame outside of the host, and keeps the way.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryLeaveOwn(
        StackWalker* walker, UnwindRegisters registers, StackBounds stack, OwnFrames* own,
        LastStack.Frame* frame)
    {
        *frame = new LastStack.Frame
        {
            Address = registers.Address,
            StackPointer = registers.StackPointer,
            FramePointer = registers.FramePointer,
        };
        own->Clear(registers);
        while (walker->IsOwn(frame->Address))
        {
            own->Add(frame);
            if (!TryLeave(walker, frame, stack.High, out RuleKind kind))
            {
                own->Clear(registers);
                return false;
            }

            own->Stepped(kind, frame);
        }

        own->End(frame);
        return true;
    }

    /// <summary>
    /// Returns the outermost frame up to which the words of the stack are those of the last walk.
    /// </summary>
    private static LastStack.Frame* FindUnchanged(LastStack.Frame* frames, LastStack.Frame* known)
    {
        LastStack.Frame* outer = known - 1;
        while (outer >= frames && *(nuint*)(outer->StackPointer - WordBytes) == outer->Address
            && *outer->Saved == outer->FramePointer)
        {
            outer--;
        }

        outer++;

        // From a word that is no frame there is no step.
        while (outer != frames && outer < known && outer->Depth == outer[-1].Depth)
        {
            outer++;
        }

        return outer;
    }

    /// <summary>Copies the frames inside of one; returns the end of the copies, or the limit.</summary>
    private static LastStack.Frame* Copy(
        LastStack.Frame* known, LastStack.Frame* outermost, LastStack.Frame* next, LastStack.Frame* limit)
    {
        for (; known > outermost && next < limit; known--, next++)
        {
            *next = *known;
            next->Saved = known->Saved == &known->FramePointer ? null : known->Saved;
            next->Depth = known->Depth - known[-1].Depth;
        }

        return next;
    }

    /// <summary>Goes from a frame of the host to its caller.</summary>
    private static bool TryLeave(StackWalker* walker, LastStack.Frame* frame, nuint high, out RuleKind kind)
    {
        if (!walker->_rules.TryGet(frame->Address, compareCode: false, out UnwindRule rule)
            && !walker->_rules.TryGetSecond(frame->Address, compareCode: false, out rule))
        {
            rule = FindRule(walker, frame->Address);
        }

        kind = rule.Kind;
        nuint sp = frame->StackPointer;
        nuint cfa = (kind == RuleKind.StackPointer ? sp : frame->FramePointer) + (nuint)rule.CfaOffset;
        nuint place = cfa + (nuint)rule.SavedOffset;
        if (kind is not (RuleKind.StackPointer or RuleKind.FramePointer) || cfa <= sp || cfa > high
            || cfa % WordBytes != 0 || (rule.SavedOffset != 0 && place - sp >= cfa - sp))
        {
            return false;
        }

        frame->Saved = rule.SavedOffset == 0 ? null : (nuint*)place;
        frame->FramePointer = rule.SavedOffset == 0 ? frame->FramePointer : *(nuint*)place;
        frame->Address = *(nuint*)(cfa - WordBytes);
        frame->StackPointer = cfa;
        return true;
    }
}
