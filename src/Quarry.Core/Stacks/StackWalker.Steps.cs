using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>The steps from frame to frame.</content>
internal unsafe partial struct StackWalker
{
    private const int WordBytes = 8;

    /// <summary>Goes from frame to frame as long as their rules are known and simple.</summary>
    /// <remarks>
    /// The variables fit into registers. A frame for which any condition fails is left to
    /// <see cref="TryStep"/>, which repeats the step with all its cases.
    /// </remarks>
    private static void FollowKnownRules(StackWalker* walker, StackCursor* cursor)
    {
        RuleCache rules = walker->_rules;
        nuint address = cursor->Address, sp = cursor->StackPointer, bp = cursor->FramePointer;
        nuint high = cursor->Stack.High;
        nuint* next = cursor->Next;
        nuint* limit = cursor->Limit;
        bool compareCode = !cursor->IsUncertain;
        while (next < limit && rules.TryGet(address, compareCode, out UnwindRule rule))
        {
            RuleKind kind = rule.Kind;
            if (kind is not (RuleKind.StackPointer or RuleKind.FramePointer or RuleKind.Frame))
            {
                break;
            }

            nuint cfa = (kind == RuleKind.StackPointer ? sp : bp) + (nuint)rule.CfaOffset;
            nint saved = rule.SavedOffset;
            if (cfa <= sp || cfa > high || cfa % WordBytes != 0)
            {
                break;
            }

            if (saved != 0)
            {
                // The word is below the CFA, as the frame itself is.
                nuint place = cfa + (nuint)saved;
                if (place - sp >= cfa - sp)
                {
                    break;
                }

                bp = *(nuint*)place;
            }

            *next++ = address;
            address = *(nuint*)(cfa - WordBytes);
            sp = cfa;
        }

        cursor->Address = address;
        cursor->StackPointer = sp;
        cursor->FramePointer = bp;
        cursor->Next = next;
    }

    /// <summary>Stores the address of a frame and goes to its caller.</summary>
    /// <returns>False if the walk is at its end.</returns>
    private static bool TryStep(StackWalker* walker, StackCursor* cursor, ref StackEnd end)
    {
        nuint address = cursor->Address;
        if (address == 0)
        {
            end = cursor->IsUncertain ? StackEnd.Broken : StackEnd.Complete;
            return false;
        }

        cursor->IsOwn = cursor->IsOwn && walker->IsOwn(address);
        if (!cursor->IsOwn)
        {
            if (cursor->Next == cursor->Limit)
            {
                end = StackEnd.Truncated;
                return false;
            }

            *cursor->Next++ = address;
        }

        bool compareCode = !cursor->IsUncertain;
        if (!walker->_rules.TryGet(address, compareCode, out UnwindRule rule)
            && !walker->_rules.TryGetSecond(address, compareCode, out rule))
        {
            rule = FindRule(walker, address);
        }

        nuint sp = cursor->StackPointer, bp = cursor->FramePointer, high = cursor->Stack.High;
        end = StackEnd.Broken;
        switch (rule.Kind)
        {
            case RuleKind.StackPointer:
                return TryLeave(cursor, sp + (nuint)rule.CfaOffset, rule.SavedOffset);
            case RuleKind.FramePointer:
                return TryLeave(cursor, bp + (nuint)rule.CfaOffset, rule.SavedOffset);
            case RuleKind.Frame:
            case RuleKind.AssumedFrame:
                // The ABI marks the outermost frame by a frame pointer of 0.
                end = bp == 0 ? StackEnd.Complete : StackEnd.Broken;
                cursor->IsUncertain |= rule.Kind == RuleKind.AssumedFrame || cursor->IsInterrupted;
                return bp != 0 && TryLeave(cursor, bp + (nuint)rule.CfaOffset, rule.SavedOffset);
            case RuleKind.Realigned:
                nuint place = bp + (nuint)rule.CfaOffset, saved = bp + (nuint)rule.SavedOffset;
                if (!IsWordOf(place, sp, high) || !IsWordOf(saved, sp, high))
                {
                    return false;
                }

                cursor->FramePointer = *(nuint*)saved;
                return TryLeave(cursor, *(nuint*)place, 0);
            case RuleKind.Signal:
                return TryResume(walker, cursor);
            case RuleKind.End:
                end = StackEnd.Complete;
                return false;
            default:
                return false;
        }
    }

    /// <summary>Goes to the caller of a frame.</summary>
    /// <param name="cursor">The position.</param>
    /// <param name="cfa">The CFA of the frame, which may be any number.</param>
    /// <param name="saved">The offset from the CFA to the caller's frame pointer; 0 if not saved.</param>
    /// <returns>False if the caller is not within the stack, above the frame.</returns>
    private static bool TryLeave(StackCursor* cursor, nuint cfa, nint saved)
    {
        nuint sp = cursor->StackPointer;
        nuint place = cfa + (nuint)saved;
        nuint low = cursor->IsInterrupted ? sp - SignalFrame.RedZoneBytes : sp;
        low = low < cursor->Stack.Low ? cursor->Stack.Low : low;
        if (cfa <= sp || cfa > cursor->Stack.High || cfa % WordBytes != 0
            || (saved != 0 && !IsWordOf(place, low, cfa)))
        {
            return false;
        }

        cursor->FramePointer = saved == 0 ? cursor->FramePointer : *(nuint*)place;
        cursor->Address = *(nuint*)(cfa - WordBytes);
        cursor->StackPointer = cfa;
        cursor->IsInterrupted = false;
        return true;
    }

    /// <summary>Goes from a signal handler to the frame that it has interrupted, on any stack.</summary>
    private static bool TryResume(StackWalker* walker, StackCursor* cursor)
    {
        nuint sp = cursor->StackPointer, high = cursor->Stack.High;
        if (!SignalFrame.TryRead(sp, high, out UnwindRegisters resumed))
        {
            return false;
        }

        // A step to a lower address is one to another stack: an alternate stack may lie within the thread's.
        if (resumed.StackPointer <= sp || resumed.StackPointer >= high)
        {
            if (cursor->StackSwitches-- == 0
                || (!cursor->Stack.Contains(resumed.StackPointer)
                    && !TryFindBounds(walker, resumed.StackPointer, out cursor->Stack)))
            {
                return false;
            }
        }

        cursor->Address = resumed.Address;
        cursor->StackPointer = resumed.StackPointer;
        cursor->FramePointer = resumed.FramePointer;
        cursor->IsInterrupted = true;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsWordOf(nuint place, nuint low, nuint high) =>
        place >= low && place <= high - WordBytes && place % WordBytes == 0;
}
