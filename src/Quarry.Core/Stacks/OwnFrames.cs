namespace Quarry;

/// <summary>
/// The way from the innermost frame to the first one outside of the host, which is the same at most walks.
/// </summary>
/// <remarks>
/// The host's code does not change, so the words that the steps read are at the same offsets whenever the
/// return addresses are the same ones. This requires that the size of each frame is constant: that its
/// CFA is found from the stack pointer.
/// </remarks>
internal unsafe struct OwnFrames
{
    private const int Capacity = 16;

    private fixed ulong _addresses[Capacity];
    private fixed ulong _offsets[Capacity];
    private nuint _start;
    private nuint _size;
    private nuint _savedOffset;
    private int _count;
    private bool _isConstant;
    private bool _isValid;

    /// <summary>Tries to go the same way again.</summary>
    /// <param name="registers">The registers of the innermost frame.</param>
    /// <param name="frame">Set to the first frame outside of the host.</param>
    internal readonly bool TryLeave(UnwindRegisters registers, LastStack.Frame* frame)
    {
        if (!_isValid || registers.Address != _addresses[0])
        {
            return false;
        }

        nuint sp = registers.StackPointer;
        for (int index = 1; index < _count; index++)
        {
            if (*(ulong*)(sp + (nuint)_offsets[index]) != _addresses[index])
            {
                return false;
            }
        }

        *frame = new LastStack.Frame
        {
            StackPointer = sp + _size,
            Address = *(nuint*)(sp + _size - (nuint)sizeof(nuint)),
            Saved = _savedOffset == 0 ? null : (nuint*)(sp + _savedOffset),
            FramePointer = _savedOffset == 0 ? registers.FramePointer : *(nuint*)(sp + _savedOffset),
        };
        return true;
    }

    /// <summary>Begins another way.</summary>
    internal void Clear(UnwindRegisters registers)
    {
        _isValid = false;
        _isConstant = true;
        _count = 0;
        _savedOffset = 0;
        _start = registers.StackPointer;
    }

    /// <summary>Adds a frame of the host.</summary>
    internal void Add(LastStack.Frame* frame)
    {
        if (_count == Capacity)
        {
            _isConstant = false;
            return;
        }

        _addresses[_count] = frame->Address;

        // That of the first frame is in a register.
        _offsets[_count] = frame->StackPointer - (nuint)sizeof(nuint) - _start;
        _count++;
    }

    /// <summary>Adds the step to the next frame.</summary>
    internal void Stepped(RuleKind kind, LastStack.Frame* frame)
    {
        _isConstant = _isConstant && kind == RuleKind.StackPointer;
        _savedOffset = frame->Saved == null ? _savedOffset : (nuint)frame->Saved - _start;
    }

    /// <summary>Ends the way at the first frame outside of the host.</summary>
    internal void End(LastStack.Frame* frame)
    {
        frame->Saved = _savedOffset == 0 ? null : (nuint*)(_start + _savedOffset);
        _size = frame->StackPointer - _start;
        _isValid = _isConstant && _count > 0;
    }
}
