// The object model: what the compilers look up by name before they compile a single line.
// Order and names of instance fields are known to ilc; change nothing here without reading its type system.

using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Root of all types. No instance ever exists in an image; literals are laid out by ilc.</summary>
public class Object
{
    // ilc lays string literals and constant tables out as frozen objects that start with this field.
#pragma warning disable CS0169
    private unsafe void* _methodTable;
#pragma warning restore CS0169
}

public abstract class ValueType;

public abstract class Enum : ValueType;

public struct Void;

public struct Nullable<T>
    where T : struct
{
    private readonly bool _hasValue;
    private T _value;

    public Nullable(T value)
    {
        _hasValue = true;
        _value = value;
    }

    public readonly bool HasValue => _hasValue;

    // .NET throws InvalidOperationException where there is no value; the nearest thing here is to stop.
    public readonly T Value
    {
        get
        {
            if (!_hasValue)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowInvalidOperationException();
            }

            return _value;
        }
    }

    public readonly T GetValueOrDefault() => _value;
}

/// <summary>What csc lowers a pair of results to.</summary>
public struct ValueTuple<T1, T2>(T1 item1, T2 item2)
{
    public T1 Item1 = item1;
    public T2 Item2 = item2;
}

/// <summary>UTF-16 literal in read-only data. There is no way to make one at run time.</summary>
public sealed class String
{
    // ilc writes the length, then the characters and a terminating zero.
    private readonly int _stringLength;
    private char _firstChar;

    // Never constructed: ilc lays literals out. The assignments only tell csc that the fields are used.
    private String()
    {
        _stringLength = 0;
        _firstChar = '\0';
    }

    public int Length
    {
        [Intrinsic]
        get => _stringLength;
    }

    [IndexerName("Chars")]
    public char this[int index]
    {
        [Intrinsic]
        get
        {
            if ((uint)index >= (uint)_stringLength)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            }

            return Unsafe.Add(ref _firstChar, index);
        }
    }

    public ref readonly char GetPinnableReference() => ref _firstChar;
}

public abstract class Array
{
#pragma warning disable CS0649
    private readonly int _length;
#pragma warning restore CS0649

    public int Length => _length;
}

// ilc resolves every operation on T[] through this type, found by name.
internal class Array<T> : Array;

// The methods that ilc looks up to make a delegate. They are never called, as the memory for it is what the
// build reports, with the line; without them ilc would only say that it cannot compile the method.
public abstract class Delegate
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhpFallbackFailFast")]
    private protected extern void InitializeClosedInstance(object firstParameter, nint function);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhpFallbackFailFast")]
    private protected extern void InitializeClosedInstanceSlow(object firstParameter, nint function);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhpFallbackFailFast")]
    private protected extern void InitializeClosedInstanceToInterface(
        object firstParameter, nint dispatchCell);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhpFallbackFailFast")]
    private protected extern void InitializeOpenStaticThunk(object firstParameter, nint function, nint thunk);
}

public abstract class MulticastDelegate : Delegate;

public abstract class Type;

internal class RuntimeType : Type;

public struct RuntimeTypeHandle
{
#pragma warning disable CS0169
    private readonly nint _value;
#pragma warning restore CS0169
}

public struct RuntimeMethodHandle
{
#pragma warning disable CS0169
    private readonly nint _value;
#pragma warning restore CS0169
}

public struct RuntimeFieldHandle
{
#pragma warning disable CS0169
    private readonly nint _value;
#pragma warning restore CS0169
}

/// <summary>Lets `using` work on structs.</summary>
public interface IDisposable
{
    void Dispose();
}

public interface IEquatable<T>
{
    bool Equals(T? other);
}
