namespace Quarry;

/// <summary>Parses <c>/proc/self/maps</c>, byte by byte, as it is read in small pieces.</summary>
/// <param name="path">The memory for paths, which are zero-terminated.</param>
/// <param name="capacity">The size of that memory, in bytes; at least 8. Longer paths are cut.</param>
internal unsafe struct MapsParser(byte* path, int capacity)
{
    private const int DeviceBits = 32;

    private Mapping _line;
    private Field _field;
    private int _length;

    // start-end rwxp offset major:minor inode path
    private enum Field
    {
        Start,
        End,
        Permissions,
        Offset,
        Device,
        File,
        Spaces,
        Path,
    }

    /// <summary>Gets the mapping of the last complete line.</summary>
    internal Mapping Mapping { get; private set; }

    /// <summary>Parses one byte.</summary>
    /// <returns>True if it ends a line, whose mapping and path are available until the next byte.</returns>
    internal bool Add(byte character)
    {
        if (character == '\n')
        {
            EndLine();
            return true;
        }

        bool ends = character == (_field == Field.Start ? '-' : ' ');
        if (ends && _field < Field.Spaces)
        {
            _field++;
            return false;
        }

        switch (_field)
        {
            case Field.Start:
                _line.Start = (_line.Start << 4) | Digit(character);
                break;
            case Field.End:
                _line.End = (_line.End << 4) | Digit(character);
                break;
            case Field.Permissions:
                _line.IsReadable |= character == 'r';
                _line.IsExecutable |= character == 'x';
                break;
            case Field.Offset:
                _line.FileOffset = (_line.FileOffset << 4) | Digit(character);
                break;
            case Field.Device:
                _line.Device = character == ':' ? _line.Device << DeviceBits : AddToMinor(character);
                break;
            case Field.File:
                _line.File = (_line.File * 10) + Digit(character);
                break;
            case Field.Spaces when ends:
                break;
            default:
                _field = Field.Path;
                AddToPath(character);
                break;
        }

        return false;
    }

    private static uint Digit(byte character) =>
        (uint)(character <= '9' ? character - '0' : character - 'a' + 10) & 15;

    // Both numbers are hexadecimal; the colon moves the first one to the upper half.
    private readonly ulong AddToMinor(byte character)
    {
        ulong major = _line.Device >> DeviceBits << DeviceBits;
        return major | (uint)(((uint)_line.Device << 4) | Digit(character));
    }

    private void AddToPath(byte character)
    {
        if (_length < capacity - 1)
        {
            path[_length++] = character;
        }
    }

    private void EndLine()
    {
        path[_length] = 0;
        _line.IsMainStack = Mapping.IsMainStackName(path);
        Mapping = _line;
        _line = default;
        _field = Field.Start;
        _length = 0;
    }
}
