using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The item of a set, which is nothing but a key.</summary>
internal unsafe struct HashElement<T> : IHashItem<HashElement<T>, T> where T : unmanaged
{
    public T Value;

    /// <inheritdoc/>
    public static string CollectionName => "NativeHashSet";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* KeyOf(HashElement<T>* item) => &item->Value;
}
