using System;

namespace Quarry;

/// <summary>The numbers of a control, which the malloc finds faster than its name.</summary>
/// <remarks>
/// Valid for the life of the process. Numbers in the name, such as that of an arena, can be replaced:
/// <code>
/// MallCtlMib size = MallCtl.GetMib("arenas.bin.0.size");
/// for (nuint bin = 0; bin &lt; bins; bin++)
/// {
///     Console.WriteLine(size.With(2, bin).Read&lt;nuint&gt;());
/// }
/// </code>
/// The exceptions are those of <see cref="MallCtl"/>.
/// </remarks>
public sealed class MallCtlMib
{
    private readonly string _name;
    private readonly nuint[] _numbers;

    private MallCtlMib(string name, nuint[] numbers)
    {
        _name = name;
        _numbers = numbers;
    }

    private MallCtlTarget Target => new(_name, _numbers);

    /// <summary>Returns the numbers with another one at a position.</summary>
    /// <param name="position">
    /// The position in the name, counted from 0: 2 for the number in <c>arenas.bin.0.size</c>.
    /// </param>
    /// <param name="number">The number.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="position"/> is not that of a number in the name.
    /// </exception>
    public MallCtlMib With(int position, nuint number)
    {
        string[] parts = _name.Split('.');
        if ((uint)position >= (uint)parts.Length || !nuint.TryParse(parts[position], out _))
        {
            throw new ArgumentOutOfRangeException(
                nameof(position), position, $"'{_name}' has no number at this position.");
        }

        nuint[] numbers = [.. _numbers];
        numbers[position] = number;
        parts[position] = number.ToString();
        return new MallCtlMib(string.Join('.', parts), numbers);
    }

    /// <summary>Reads the control; see <see cref="MallCtl.Read"/>.</summary>
    /// <typeparam name="T">As for <see cref="MallCtl.Read"/>.</typeparam>
    public T Read<T>() where T : unmanaged
    {
        MallCtlException.ThrowIf(Target.Read(out T value), _name);
        return value;
    }

    /// <summary>Tries to read the control; false if there is none with these numbers.</summary>
    /// <typeparam name="T">As for <see cref="MallCtl.Read"/>.</typeparam>
    /// <param name="value">The value.</param>
    public bool TryRead<T>(out T value) where T : unmanaged => Target.Read(out value) == 0;

    /// <summary>Reads a control that is text.</summary>
    public string ReadString()
    {
        MallCtlException.ThrowIf(Target.ReadText(out string value), _name);
        return value;
    }

    /// <summary>Writes the control; see <see cref="MallCtl.Write{T}(string, T)"/>.</summary>
    /// <typeparam name="T">As for <see cref="MallCtl.Read"/>.</typeparam>
    /// <param name="value">The value.</param>
    public void Write<T>(T value) where T : unmanaged =>
        MallCtlException.ThrowIf(Target.Write(value), _name);

    /// <summary>Performs the action.</summary>
    public void Invoke() => MallCtlException.ThrowIf(Target.Invoke(), _name);

    /// <summary>Returns the name with the present numbers.</summary>
    public override string ToString() => _name;

    internal static MallCtlMib Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        MallCtlException.ThrowIf(MallCtlFunctions.Required.Resolve(name, out nuint[] numbers), name);
        return new MallCtlMib(name, numbers);
    }
}
