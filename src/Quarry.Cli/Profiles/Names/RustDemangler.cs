using System;
using System.Globalization;
using System.Text;

namespace Quarry.Cli.Profiles.Names;

/// <summary>Reads the names of Rust's own scheme ("v0", RFC 2603).</summary>
/// <remarks>
/// The printed form is that of the Rust compiler without hashes: <c>&lt;T as Trait&gt;::f::&lt;u8&gt;</c>.
/// Types and constants are in the other part.
/// </remarks>
internal sealed partial class RustDemangler
{
    // A back reference repeats what it refers to, so that a short malicious name could become endless.
    private const int MaximumLength = 4096;
    private const int MaximumDepth = 100;

    private readonly string _text;
    private readonly StringBuilder _out = new();
    private int _position;
    private int _depth;
    private bool _silent;
    private int _lifetimes;

    private RustDemangler(string text) => _text = text;

    /// <summary>Gets the readable name; null if the name does not follow the scheme.</summary>
    internal static string? Demangle(string name)
    {
        const string Prefix = "_R";
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name.Length <= Prefix.Length)
        {
            return null;
        }

        try
        {
            RustDemangler demangler = new(name[Prefix.Length..]);
            demangler.Path(inValue: true);
            return demangler._out.ToString();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private void Path(bool inValue)
    {
        Enter();
        switch (Next())
        {
            case 'C':
                Disambiguator();
                Print(Identifier());
                break;
            case 'M':
                ImplementationPath();
                Print("<");
                Type();
                Print(">");
                break;
            case 'X':
                ImplementationPath();
                TraitImplementation();
                break;
            case 'Y':
                TraitImplementation();
                break;
            case 'N':
                NestedPath(inValue);
                break;
            case 'I':
                Path(inValue);
                Print(inValue ? "::<" : "<");
                List(GenericArgument, ", ");
                Print(">");
                break;
            case 'B':
                Back(() => Path(inValue));
                break;
            default:
                throw new FormatException();
        }

        _depth--;
    }

    /// <summary>The path of an implementation, which is not part of the name.</summary>
    private void ImplementationPath()
    {
        Disambiguator();
        bool silent = _silent;
        _silent = true;
        Path(inValue: false);
        _silent = silent;
    }

    private void TraitImplementation()
    {
        Print("<");
        Type();
        Print(" as ");
        Path(inValue: false);
        Print(">");
    }

    private void NestedPath(bool inValue)
    {
        char space = Next();
        Path(inValue);
        ulong number = Disambiguator();
        string name = Identifier();
        if (char.IsAsciiLetterLower(space))
        {
            Print(name.Length > 0 ? "::" + name : "");
            return;
        }

        string kind = space switch
        {
            'C' => "closure",
            'S' => "shim",
            _ => space.ToString(),
        };
        string colon = name.Length > 0 ? ":" : "";
        Print(string.Create(CultureInfo.InvariantCulture, $"::{{{kind}{colon}{name}#{number}}}"));
    }

    private void GenericArgument()
    {
        if (Accept('L'))
        {
            Lifetime(Base62());
        }
        else if (Accept('K'))
        {
            Constant();
        }
        else
        {
            Type();
        }
    }

    private string Identifier()
    {
        bool punycode = Accept('u');
        int length = Decimal();
        _ = Accept('_');
        if (length > _text.Length - _position)
        {
            throw new FormatException();
        }

        string name = _text.Substring(_position, length);
        _position += length;
        return punycode ? "punycode{" + name + "}" : name;
    }

    /// <summary>Gets the number that distinguishes items of the same name; 0 if there is none.</summary>
    private ulong Disambiguator() => Accept('s') ? unchecked(Base62() + 1) : 0;

    private void List(Action item, string separator)
    {
        for (int i = 0; !Accept('E'); i++)
        {
            Print(i > 0 ? separator : "");
            item();
        }
    }

    private void Back(Action read)
    {
        int start = _position - 1;
        ulong target = Base62();
        if (target >= (ulong)start)
        {
            throw new FormatException();
        }

        if (_silent)
        {
            return;
        }

        int after = _position;
        _position = (int)target;
        read();
        _position = after;
    }

    /// <summary>Reads a number in base 62: "_" is 0, "0_" is 1, and so on.</summary>
    private ulong Base62()
    {
        if (Accept('_'))
        {
            return 0;
        }

        ulong value = 0;
        while (!Accept('_'))
        {
            char c = Next();
            int digit = char.IsAsciiDigit(c) ? c - '0'
                : char.IsAsciiLetterLower(c) ? c - 'a' + 10
                : char.IsAsciiLetterUpper(c) ? c - 'A' + 36
                : throw new FormatException();

            // Hashes of crates have up to 64 bits, and only their place counts.
            value = unchecked((value * 62) + (ulong)digit);
        }

        return unchecked(value + 1);
    }

    private int Decimal()
    {
        int value = 0;
        if (!char.IsAsciiDigit(Peek()))
        {
            throw new FormatException();
        }

        // A number that begins with 0 is 0: what follows is not part of it.
        while (char.IsAsciiDigit(Peek()) && value < _text.Length)
        {
            int digit = Next() - '0';
            value = (value * 10) + digit;
            if (value == 0)
            {
                break;
            }
        }

        return value;
    }

    private void Enter()
    {
        if (++_depth > MaximumDepth || _out.Length > MaximumLength)
        {
            throw new FormatException();
        }
    }

    private void Print(string text)
    {
        if (!_silent)
        {
            _out.Append(text);
        }
    }

    private char Peek() => _position < _text.Length ? _text[_position] : '\0';

    private char Next() => _position < _text.Length ? _text[_position++] : throw new FormatException();

    private bool Accept(char expected)
    {
        bool found = Peek() == expected;
        _position += found ? 1 : 0;
        return found;
    }
}
