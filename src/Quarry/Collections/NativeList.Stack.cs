using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>The list as a stack, with the members of <see cref="Stack{T}"/>.</content>
public readonly unsafe partial struct NativeList<T, TAllocator>
{
    /// <summary>Appends an element, as <see cref="Add"/> does.</summary>
    /// <inheritdoc cref="Add"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(T item) => Add(item);

    /// <summary>Removes the last element and returns it.</summary>
    /// <exception cref="InvalidOperationException">The list is empty.</exception>
    public T Pop()
    {
        if (!TryPop(out T item))
        {
            ThrowEmpty();
        }

        return item;
    }

    /// <summary>
    /// Returns a reference to the last element, which is valid until the list grows or is disposed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The list is empty.</exception>
    public ref T Peek()
    {
        ListBody<T>* body = _handle.Body;
        if (body->Count == 0)
        {
            ThrowEmpty();
        }

        return ref body->Elements[body->Count - 1];
    }

    /// <summary>Removes the last element.</summary>
    /// <returns>False if the list is empty.</returns>
    public bool TryPop(out T item)
    {
        bool any = TryPeek(out item);
        if (any)
        {
            ListBody<T>* body = _handle.Body;
            body->Count--;
            body->Changed();
        }

        return any;
    }

    /// <summary>Reads the last element.</summary>
    /// <returns>False if the list is empty.</returns>
    public bool TryPeek(out T item)
    {
        ListBody<T>* body = _handle.Body;
        nint count = body->Count;
        item = count > 0 ? body->Elements[count - 1] : default;
        return count > 0;
    }

    private static void ThrowEmpty() => throw new InvalidOperationException("The list is empty.");
}
