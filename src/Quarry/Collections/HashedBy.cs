using System;
using System.Collections.Generic;

namespace Quarry;

/// <summary>A key that is hashed and compared by a comparer of your choice.</summary>
/// <remarks>
/// <para>
/// Instead of an object passed to the constructor, as in the BCL, the comparer is a type: it is called
/// directly, inlined, and nothing is boxed. The key converts to this and back by itself.
/// </para>
/// <code>
/// var index = new NativeDictionary&lt;HashedBy&lt;nint, ByText&gt;, int, Heap&gt;(heap);
/// index[name] = 1;
/// </code>
/// </remarks>
/// <typeparam name="T">The key.</typeparam>
/// <typeparam name="TComparer">The comparer. Its default value is used, so it has no state.</typeparam>
public readonly struct HashedBy<T, TComparer> : IEquatable<HashedBy<T, TComparer>>
    where T : unmanaged
    where TComparer : unmanaged, IEqualityComparer<T>
{
    /// <summary>Wraps a key.</summary>
    public HashedBy(T value) => Value = value;

    /// <summary>The key.</summary>
    public T Value { get; }

    /// <inheritdoc/>
    public bool Equals(HashedBy<T, TComparer> other) => default(TComparer).Equals(Value, other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is HashedBy<T, TComparer> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => default(TComparer).GetHashCode(Value);

    /// <inheritdoc/>
    public override string? ToString() => Value.ToString();

    /// <summary>Determines whether the comparer considers them equal.</summary>
    public static bool operator ==(HashedBy<T, TComparer> left, HashedBy<T, TComparer> right) =>
        left.Equals(right);

    /// <summary>Determines whether the comparer considers them different.</summary>
    public static bool operator !=(HashedBy<T, TComparer> left, HashedBy<T, TComparer> right) =>
        !left.Equals(right);

    /// <summary>Wraps a key.</summary>
#pragma warning disable CA2225 // the constructor and the property are the alternatives
    public static implicit operator HashedBy<T, TComparer>(T value) => new(value);

    /// <summary>The key.</summary>
    public static implicit operator T(HashedBy<T, TComparer> key) => key.Value;
#pragma warning restore CA2225
}
