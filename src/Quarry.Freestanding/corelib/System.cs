// The object model, which the compilers look up by name.
// ilc depends on the order and names of the instance fields: check its type system before changing them.

using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// The root of all types. Images never create instances; ilc emits literals as preinitialized objects.
/// </summary>
public class Object
{
    // String literals and constant tables are frozen objects that begin with this field.
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

    // Stops the process where .NET throws InvalidOperationException.
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

/// <summary>The type that csc lowers pairs to.</summary>
public struct ValueTuple<T1, T2>(T1 item1, T2 item2)
{
    public T1 Item1 = item1;
    public T2 Item2 = item2;
}

/// <summary>A UTF-16 literal in read-only data. Strings cannot be created at run time.</summary>
public sealed class String
{
    // The layout of a literal: the length, the characters and a terminating zero.
    private readonly int _stringLength;
    private char _firstChar;

    // Never called. The assignments keep csc from reporting unused fields.
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

// ilc looks this type up by name for every operation on T[].
internal class Array<T> : Array;

// The methods that ilc looks up to create a delegate. With them, the build reports the line that
// allocates the delegate; without them, ilc only reports that it cannot compile the method. They are never
// called.
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

/// <summary>Supports `using` on structs.</summary>
public interface IDisposable
{
    void Dispose();
}

public interface IEquatable<T>
{
    bool Equals(T? other);
}
