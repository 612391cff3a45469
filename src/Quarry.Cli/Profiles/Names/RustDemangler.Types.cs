using System;
using System.Globalization;

namespace Quarry.Cli.Profiles.Names;

internal sealed partial class RustDemangler
{
    private void Type()
    {
        Enter();
        char tag = Next();
        if (BasicType(tag) is { } name)
        {
            Print(name);
        }
        else
        {
            CompoundType(tag);
        }

        _depth--;
    }

    private void CompoundType(char tag)
    {
        switch (tag)
        {
            case 'A':
                Print("[");
                Type();
                Print("; ");
                Constant();
                Print("]");
                break;
            case 'S':
                Print("[");
                Type();
                Print("]");
                break;
            case 'T':
                Tuple();
                break;
            case 'R':
                Reference("&");
                break;
            case 'Q':
                Reference("&mut ");
                break;
            case 'P':
                Print("*const ");
                Type();
                break;
            case 'O':
                Print("*mut ");
                Type();
                break;
            case 'F':
                Function();
                break;
            case 'D':
                Dynamic();
                break;
            case 'B':
                Back(Type);
                break;
            default:
                _position--;
                Path(inValue: false);
                break;
        }
    }

    private void Tuple()
    {
        Print("(");
        int count = 0;
        List(() =>
        {
            count++;
            Type();
        }, ", ");
        Print(count == 1 ? ",)" : ")");
    }

    private void Reference(string prefix)
    {
        Print("&");
        if (Accept('L') && Base62() is > 0 and ulong lifetime)
        {
            Lifetime(lifetime);
            Print(" ");
        }

        Print(prefix[1..]);
        Type();
    }

    private void Function()
    {
        int lifetimes = Binder();
        Print(Accept('U') ? "unsafe " : "");
        if (Accept('K'))
        {
            string abi = Accept('C') ? "C" : Identifier().Replace('_', '-');
            Print($"extern \"{abi}\" ");
        }

        Print("fn(");
        List(Type, ", ");
        Print(")");
        if (!Accept('u'))
        {
            Print(" -> ");
            Type();
        }

        _lifetimes = lifetimes;
    }

    private void Dynamic()
    {
        Print("dyn ");
        int lifetimes = Binder();
        List(DynamicTrait, " + ");
        _lifetimes = lifetimes;
        if (!Accept('L'))
        {
            throw new FormatException();
        }

        if (Base62() is > 0 and ulong lifetime)
        {
            Print(" + ");
            Lifetime(lifetime);
        }
    }

    /// <summary>A trait, whose associated types are listed with its generic arguments.</summary>
    private void DynamicTrait()
    {
        int start = _out.Length;
        Path(inValue: false);
        bool open = false;
        while (Accept('p'))
        {
            if (!open && !_silent && _out.Length > start && _out[^1] == '>')
            {
                _out.Length--;
                Print(", ");
            }
            else
            {
                Print(open ? ", " : "<");
            }

            open = true;
            Print(Identifier() + " = ");
            Type();
        }

        Print(open ? ">" : "");
    }

    /// <summary>Prints "for&lt;'a, 'b&gt; "; returns the number of lifetimes outside of it.</summary>
    private int Binder()
    {
        int outside = _lifetimes;
        if (!Accept('G'))
        {
            return outside;
        }

        ulong count = Base62() + 1;
        if (count > MaximumDepth)
        {
            throw new FormatException();
        }

        Print("for<");
        for (ulong i = 0; i < count; i++)
        {
            _lifetimes++;
            Print(i > 0 ? ", " : "");
            Lifetime(1);
        }

        Print("> ");
        return outside;
    }

    /// <summary>Prints a lifetime, which is numbered from the innermost binder outwards.</summary>
    private void Lifetime(ulong number)
    {
        int depth = _lifetimes - (int)number;
        Print(number == 0 ? "'_"
            : depth is >= 0 and < 26 ? "'" + (char)('a' + depth)
            : string.Create(CultureInfo.InvariantCulture, $"'_{depth}"));
    }

    private void Constant()
    {
        Enter();
        char tag = Next();
        switch (tag)
        {
            case 'p':
                Print("_");
                break;
            case 'B':
                Back(Constant);
                break;
            default:
                Value(tag);
                break;
        }

        _depth--;
    }

    private void Value(char type)
    {
        string sign = Accept('n') ? "-" : "";
        int start = _position;
        while (char.IsAsciiHexDigitLower(Peek()))
        {
            _position++;
        }

        string digits = _text[start.._position];
        if (BasicType(type) is null || !Accept('_'))
        {
            throw new FormatException();
        }

        // Nothing wider than 64 bits is worth the arithmetic.
        bool known = ulong.TryParse("0" + digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture,
            out ulong value);
        bool isCharacter = type == 'c' && (value < 0xD800 || value is > 0xDFFF and <= 0x10FFFF);
        Print(!known ? $"{sign}0x{digits}"
            : type == 'b' ? (value != 0 ? "true" : "false")
            : isCharacter ? $"'{char.ConvertFromUtf32((int)value)}'"
            : sign + value);
    }

    private static string? BasicType(char tag) => tag switch
    {
        'a' => "i8",
        'b' => "bool",
        'c' => "char",
        'd' => "f64",
        'e' => "str",
        'f' => "f32",
        'h' => "u8",
        'i' => "isize",
        'j' => "usize",
        'l' => "i32",
        'm' => "u32",
        'n' => "i128",
        'o' => "u128",
        'p' => "_",
        's' => "i16",
        't' => "u16",
        'u' => "()",
        'v' => "...",
        'x' => "i64",
        'y' => "u64",
        'z' => "!",
        _ => null,
    };
}
