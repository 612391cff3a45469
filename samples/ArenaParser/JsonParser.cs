using System;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Quarry;

namespace ArenaParser;

/// <summary>Reads JSON (RFC 8259) into a tree that lies in an arena.</summary>
internal unsafe ref struct JsonParser
{
    private const int MaxDepth = 256;

    private readonly ReadOnlySpan<byte> _input;
    private readonly Arena _arena;
    private int _at;

    private JsonParser(ReadOnlySpan<byte> input, Arena arena)
    {
        _input = input;
        _arena = arena;
    }

    /// <summary>Parses a document.</summary>
    /// <exception cref="FormatException">It is no JSON; the message says where.</exception>
    public static JsonNode* Parse(ReadOnlySpan<byte> input, Arena arena)
    {
        JsonParser parser = new(input, arena);
        JsonNode* root = parser.ParseValue(0);
        _ = parser.Peek();
        return parser._at == input.Length ? root : throw parser.Unexpected("the end");
    }

    private JsonNode* ParseValue(int depth)
    {
        JsonNode* node = _arena.New(default(JsonNode));
        switch (Peek())
        {
            case (byte)'{':
                ParseChildren(node, JsonKind.Object, (byte)'}', depth);
                break;
            case (byte)'[':
                ParseChildren(node, JsonKind.Array, (byte)']', depth);
                break;
            case (byte)'"':
                node->Kind = JsonKind.String;
                node->Text = ParseString();
                break;
            case (byte)'n':
                ParseWord(node, JsonKind.Null, "null"u8);
                break;
            case (byte)'t':
                ParseWord(node, JsonKind.True, "true"u8);
                break;
            case (byte)'f':
                ParseWord(node, JsonKind.False, "false"u8);
                break;
            default:
                ParseNumber(node);
                break;
        }

        return node;
    }

    private void ParseChildren(JsonNode* parent, JsonKind kind, byte close, int depth)
    {
        if (depth == MaxDepth)
        {
            throw new FormatException($"More than {MaxDepth} levels at byte {_at}.");
        }

        parent->Kind = kind;
        JsonNode** link = &parent->FirstChild;
        _at++;
        for (bool first = true; Peek() != close; first = false)
        {
            if (!first)
            {
                Expect((byte)',');
            }

            Utf8Text name = kind == JsonKind.Object ? ParseName() : default;
            JsonNode* child = ParseValue(depth + 1);
            child->Name = name;
            *link = child;
            link = &child->NextSibling;
        }

        _at++;
    }

    private Utf8Text ParseName()
    {
        if (Peek() != '"')
        {
            throw Unexpected("a name");
        }

        Utf8Text name = ParseString();
        Expect((byte)':');
        return name;
    }

    private Utf8Text ParseString()
    {
        _at++;
        int rawLength = RawLength();
        if (rawLength == 0)
        {
            _at++;
            return default;
        }

        // An escape is never shorter than what it stands for. What is too much is given back in place, as
        // nothing was taken since.
        Layout layout = Layout.Array<byte>(rawLength);
        byte* start = (byte*)Unsafe.AsPointer(ref _arena.AllocateSpan<byte>(rawLength)[0]);
        int length = 0;
        for (int end = _at + rawLength; _at < end;)
        {
            byte next = _input[_at++];
            if (next == '\\')
            {
                length += ParseEscape().EncodeToUtf8(new Span<byte>(start + length, rawLength - length));
            }
            else
            {
                start[length++] = next;
            }
        }

        _at++;
        _ = _arena.TryResize(start, layout, (nuint)length);
        return new Utf8Text(start, length);
    }

    /// <summary>The length of a string up to its closing quote, escapes as they are written.</summary>
    private readonly int RawLength()
    {
        for (int at = _at; at < _input.Length; at++)
        {
            switch (_input[at])
            {
                case (byte)'"':
                    return at - _at;
                case (byte)'\\':
                    at++;
                    break;
                case < (byte)' ':
                    throw new FormatException($"A control character in a string at byte {at}.");
                default:
                    break;
            }
        }

        throw new FormatException($"A string without an end at byte {_at}.");
    }

    private Rune ParseEscape()
    {
        byte escape = _input[_at++];
        int at = "\"\\/bfnrt"u8.IndexOf(escape);
        if (at >= 0)
        {
            return new Rune("\"\\/\b\f\n\r\t"[at]);
        }

        char unit = escape == 'u' ? ParseCodeUnit() : throw Unexpected("an escape");
        if (Rune.TryCreate(unit, out Rune rune))
        {
            return rune;
        }

        bool isPair = char.IsHighSurrogate(unit) && _input[_at..].StartsWith("\\u"u8);
        _at += isPair ? 2 : 0;
        return isPair && Rune.TryCreate(unit, ParseCodeUnit(), out rune)
            ? rune
            : throw Unexpected("a pair of surrogates");
    }

    private char ParseCodeUnit()
    {
        const int Digits = 4;
        if (_input.Length - _at < Digits
            || !ushort.TryParse(
                _input.Slice(_at, Digits), NumberStyles.AllowHexSpecifier, null, out ushort unit))
        {
            throw Unexpected("four hexadecimal digits");
        }

        _at += Digits;
        return (char)unit;
    }

    private void ParseNumber(JsonNode* node)
    {
        int start = _at;
        _ = TrySkip("-"u8);
        int digits = _at;
        bool valid = SkipDigits() == 1 || (_at > digits && _input[digits] != '0');
        valid &= !TrySkip("."u8) || SkipDigits() > 0;
        if (valid && TrySkip("eE"u8))
        {
            _ = TrySkip("+-"u8);
            valid = SkipDigits() > 0;
        }

        if (!valid)
        {
            throw Unexpected("a value");
        }

        node->Kind = JsonKind.Number;
        node->Number = double.Parse(_input[start.._at], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private bool TrySkip(ReadOnlySpan<byte> any)
    {
        bool skips = _at < _input.Length && any.Contains(_input[_at]);
        _at += skips ? 1 : 0;
        return skips;
    }

    private int SkipDigits()
    {
        int start = _at;
        while (TrySkip("0123456789"u8))
        {
        }

        return _at - start;
    }

    private void ParseWord(JsonNode* node, JsonKind kind, ReadOnlySpan<byte> word)
    {
        if (!_input[_at..].StartsWith(word))
        {
            throw Unexpected("a value");
        }

        node->Kind = kind;
        _at += word.Length;
    }

    private void Expect(byte wanted)
    {
        if (Peek() != wanted)
        {
            throw Unexpected($"'{(char)wanted}'");
        }

        _at++;
    }

    /// <summary>The next byte that is no white space; 0 at the end.</summary>
    private byte Peek()
    {
        while (_at < _input.Length && _input[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            _at++;
        }

        return _at < _input.Length ? _input[_at] : (byte)0;
    }

    private readonly FormatException Unexpected(string wanted) => new(
        _at < _input.Length
            ? $"Wanted {wanted} at byte {_at}, found '{(char)_input[_at]}'."
            : $"Wanted {wanted} at byte {_at}, found the end.");
}
