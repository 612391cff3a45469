namespace Quarry;

/// <summary>Interprets the instructions of <c>.eh_frame</c>, up to the row of an address.</summary>
internal unsafe struct CfaProgram
{
    private const int MaxRemembered = 8;

    // Primary opcodes are in the two upper bits of a byte, with an operand in the others.
    private const int AdvanceLocation = 1, Offset = 2, Restore = 3;
    private const byte Nop = 0x00, SetLocation = 0x01, AdvanceLocation1 = 0x02, AdvanceLocation2 = 0x03;
    private const byte AdvanceLocation4 = 0x04, OffsetExtended = 0x05, RestoreExtended = 0x06;
    private const byte Undefined = 0x07, SameValue = 0x08, Register = 0x09, RememberState = 0x0a;
    private const byte RestoreState = 0x0b, DefineCfa = 0x0c, DefineCfaRegister = 0x0d;
    private const byte DefineCfaOffset = 0x0e, DefineCfaExpression = 0x0f, Expression = 0x10;
    private const byte OffsetExtendedSigned = 0x11, DefineCfaSigned = 0x12, DefineCfaOffsetSigned = 0x13;
    private const byte ValueOffset = 0x14, ValueOffsetSigned = 0x15, ValueExpression = 0x16;
    private const byte ArgumentsSize = 0x2e, NegativeOffsetExtended = 0x2f;

    // The operations of expressions: a register plus an offset, and the word at the top of the stack.
    private const byte FirstBaseRegister = 0x70, Dereference = 0x06;

    private readonly CommonEntry _common;
    private readonly nuint _address;
    private readonly CfaRow* _remembered;
    private CfaRow _row;
    private CfaRow _initial;
    private nuint _location;
    private int _depth;
    private bool _failed;

    private CfaProgram(in FrameEntry entry, nuint address, CfaRow* remembered)
    {
        _common = entry.Common;
        _address = address;
        _location = entry.Start;
        _remembered = remembered;
    }

    /// <summary>Computes the row of an address.</summary>
    /// <param name="entry">The entry of the function.</param>
    /// <param name="address">The address, in the function.</param>
    /// <param name="row">The row.</param>
    /// <returns>False if the instructions are damaged, or of a kind that the walker does not know.</returns>
    internal static bool TryRun(in FrameEntry entry, nuint address, out CfaRow row)
    {
        CfaRow* remembered = stackalloc CfaRow[MaxRemembered];
        CfaProgram program = new(entry, address, remembered);

        // The instructions of the common entry describe the first row, and do not move the location.
        program.Run(entry.Common.Program);
        program._initial = program._row;
        program.Run(entry.Program);
        row = program._row;
        return !program._failed;
    }

    private void Run(TableReader reader)
    {
        while (!_failed && _location <= _address && !reader.IsAtEnd)
        {
            byte code = reader.ReadByte();
            byte operand = (byte)(code & 0x3f);
            switch (code >> 6)
            {
                case AdvanceLocation:
                    Advance(operand);
                    break;
                case Offset:
                    Save(operand, SavedPlace.FromCfa, Factored(reader.ReadUnsigned()));
                    break;
                case Restore:
                    RestoreInitial(operand);
                    break;
                default:
                    Execute(code, ref reader);
                    break;
            }
        }

        _failed |= reader.Failed;
    }

    private void Execute(byte code, ref TableReader reader)
    {
        switch (code)
        {
            case Nop:
                break;
            case SetLocation:
                _location = reader.ReadPointer(_common.PointerEncoding, null);
                break;
            case AdvanceLocation1:
                Advance(reader.ReadByte());
                break;
            case AdvanceLocation2:
                Advance(reader.ReadUInt16());
                break;
            case AdvanceLocation4:
                Advance(reader.ReadUInt32());
                break;
            case OffsetExtended:
                Save(reader.ReadUnsigned(), SavedPlace.FromCfa, Factored(reader.ReadUnsigned()));
                break;
            case OffsetExtendedSigned:
                Save(reader.ReadUnsigned(), SavedPlace.FromCfa, reader.ReadSigned() * _common.DataAlignment);
                break;
            case NegativeOffsetExtended:
                Save(reader.ReadUnsigned(), SavedPlace.FromCfa, -Factored(reader.ReadUnsigned()));
                break;
            case RestoreExtended:
                RestoreInitial(reader.ReadUnsigned());
                break;
            case Undefined:
                Save(reader.ReadUnsigned(), SavedPlace.Undefined, 0);
                break;
            case SameValue:
                Save(reader.ReadUnsigned(), SavedPlace.Unchanged, 0);
                break;
            case Register:
            case ValueOffset:
                Save(reader.ReadUnsigned(), SavedPlace.Unknown, 0);
                _ = reader.ReadUnsigned();
                break;
            case ValueOffsetSigned:
                Save(reader.ReadUnsigned(), SavedPlace.Unknown, 0);
                _ = reader.ReadSigned();
                break;
            case ValueExpression:
                Save(reader.ReadUnsigned(), SavedPlace.Unknown, 0);
                reader.Skip(reader.ReadUnsigned());
                break;
            case Expression:
                SaveByExpression(ref reader);
                break;
            case RememberState:
            case RestoreState:
                MoveState(code == RememberState);
                break;
            case ArgumentsSize:
                _ = reader.ReadUnsigned();
                break;
            default:
                DefineTheCfa(code, ref reader);
                break;
        }
    }

    private void DefineTheCfa(byte code, ref TableReader reader)
    {
        _row.CfaIsUnknown &= code is DefineCfaOffset or DefineCfaOffsetSigned or DefineCfaRegister;
        _row.CfaIsStored &= code is DefineCfaOffset or DefineCfaOffsetSigned or DefineCfaRegister;
        switch (code)
        {
            case DefineCfa:
                _row.CfaRegister = reader.ReadUnsigned();
                _row.CfaOffset = (long)reader.ReadUnsigned();
                break;
            case DefineCfaSigned:
                _row.CfaRegister = reader.ReadUnsigned();
                _row.CfaOffset = reader.ReadSigned() * _common.DataAlignment;
                break;
            case DefineCfaRegister:
                _row.CfaRegister = reader.ReadUnsigned();
                break;
            case DefineCfaOffset:
                _row.CfaOffset = (long)reader.ReadUnsigned();
                break;
            case DefineCfaOffsetSigned:
                _row.CfaOffset = reader.ReadSigned() * _common.DataAlignment;
                break;
            case DefineCfaExpression:
                DefineCfaByExpression(ref reader);
                break;
            default:
                _failed = true;
                break;
        }
    }

    private void DefineCfaByExpression(ref TableReader reader)
    {
        TableReader expression = TakeExpression(ref reader);
        _row.CfaIsStored = IsFramePointerPlus(expression, dereferenced: true, out _row.CfaOffset);
        _row.CfaRegister = DwarfRegister.FramePointer;
        if (!_row.CfaIsStored)
        {
            _row.CfaRegister = DwarfRegister.StackPointer;
            _row.CfaIsUnknown = !PltExpression.TryEvaluate(expression, _address, out _row.CfaOffset);
        }
    }

    private void Advance(uint distance) => _location += (nuint)(distance * _common.CodeAlignment);

    private readonly long Factored(ulong offset) => (long)offset * _common.DataAlignment;

    private void Save(ulong register, SavedPlace place, long offset)
    {
        SavedRegister saved = new() { Place = place, Offset = offset };
        if (register == DwarfRegister.FramePointer)
        {
            _row.FramePointer = saved;
        }
        else if (register == _common.ReturnRegister)
        {
            _row.ReturnAddress = saved;
        }
    }

    private void RestoreInitial(ulong register)
    {
        if (register == DwarfRegister.FramePointer)
        {
            _row.FramePointer = _initial.FramePointer;
        }
        else if (register == _common.ReturnRegister)
        {
            _row.ReturnAddress = _initial.ReturnAddress;
        }
    }

    private void SaveByExpression(ref TableReader reader)
    {
        ulong register = reader.ReadUnsigned();
        bool known = IsFramePointerPlus(TakeExpression(ref reader), dereferenced: false, out long offset);
        Save(register, known ? SavedPlace.FromFramePointer : SavedPlace.Unknown, offset);
    }

    /// <summary>Skips an expression and returns a reader of it.</summary>
    private static TableReader TakeExpression(ref TableReader reader)
    {
        ulong length = reader.ReadUnsigned();
        TableReader expression = reader;
        reader.Skip(length);
        expression.End = reader.At;
        return expression;
    }

    /// <summary>Determines whether an expression is that of a realigned frame.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="dereferenced">
    /// True if it is the word at the frame pointer plus an offset; false if it is the sum.
    /// </param>
    /// <param name="offset">The offset.</param>
    private static bool IsFramePointerPlus(TableReader expression, bool dereferenced, out long offset)
    {
        bool known = expression.ReadByte() == FirstBaseRegister + DwarfRegister.FramePointer;
        offset = expression.ReadSigned();
        known &= !dereferenced || expression.ReadByte() == Dereference;
        return known && !expression.Failed && expression.At == expression.End;
    }

    private void MoveState(bool remember)
    {
        _depth += remember ? 0 : -1;
        if ((uint)_depth >= MaxRemembered)
        {
            _failed = true;
            return;
        }

        CfaRow* place = _remembered + _depth;
        if (remember)
        {
            *place = _row;
        }
        else
        {
            _row = *place;
        }

        _depth += remember ? 1 : 0;
    }
}
