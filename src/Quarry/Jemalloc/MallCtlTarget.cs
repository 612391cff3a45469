using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>A control by its name or by its numbers. The methods return 0 or an error number.</summary>
internal readonly unsafe ref struct MallCtlTarget
{
    private readonly ReadOnlySpan<byte> _name;
    private readonly ReadOnlySpan<nuint> _numbers;

    internal MallCtlTarget(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _name = MallCtlFunctions.ZeroTerminated(name);
    }

    internal MallCtlTarget(string name, nuint[] numbers)
        : this(name) => _numbers = numbers;

    internal int Read<T>(out T value) where T : unmanaged
    {
        CheckType<T>();
        T read = default;
        int error = Call(&read, (nuint)sizeof(T), null, 0);
        value = error == 0 ? read : default;
        return error;
    }

    internal int ReadText(out string value)
    {
        byte* text = null;
        int error = Call(&text, (nuint)sizeof(byte*), null, 0);
        value = error == 0 ? Marshal.PtrToStringUTF8((nint)text) ?? "" : "";
        return error;
    }

    internal int Write<T>(T value) where T : unmanaged
    {
        CheckType<T>();
        return Call(null, 0, &value, (nuint)sizeof(T));
    }

    internal int WriteText(string? value)
    {
        fixed (byte* text = value is null ? null : MallCtlFunctions.ZeroTerminated(value))
        {
            byte* address = text;
            return Call(null, 0, &address, (nuint)sizeof(byte*));
        }
    }

    internal int Exchange<T>(T value, out T previous) where T : unmanaged
    {
        CheckType<T>();
        T read = default;
        int error = Call(&read, (nuint)sizeof(T), &value, (nuint)sizeof(T));
        previous = read;
        return error;
    }

    internal int Invoke() => Call(null, 0, null, 0);

    private int Call(void* old, nuint oldLength, void* value, nuint length)
    {
        MallCtlFunctions functions = MallCtlFunctions.Required;
        nuint* oldLengths = old == null ? null : &oldLength;
        return _numbers.IsEmpty
            ? functions.ByName(_name, old, oldLengths, value, length)
            : functions.ByMib(_numbers, old, oldLengths, value, length);
    }

    private static void CheckType<T>()
    {
        if (typeof(T) != typeof(bool) && typeof(T) != typeof(uint) && typeof(T) != typeof(nuint)
            && typeof(T) != typeof(nint) && typeof(T) != typeof(ulong) && typeof(T) != typeof(long))
        {
            throw new ArgumentException(
                $"No control is a {typeof(T).Name}: use bool, uint, nuint, nint, ulong or long.");
        }
    }
}
