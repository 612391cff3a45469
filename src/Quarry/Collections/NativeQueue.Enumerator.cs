using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Enumerating.</content>
public readonly unsafe partial struct NativeQueue<T, TAllocator>
{
    /// <summary>
    /// Enumerates the elements, in place: <c>foreach (ref T item in queue)</c> may change them.
    /// </summary>
    public Enumerator GetEnumerator() => new(_handle);

    /// <inheritdoc/>
    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Enumerates the elements of a queue.</summary>
    /// <remarks>
    /// Checked builds throw if the queue was changed since. Others enumerate at most as many elements as it
    /// had at the start, so a loop that adds elements ends.
    /// </remarks>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly CollectionHandle<QueueBody<T>, TAllocator> _handle;
        private readonly int _version;
        private readonly nint _end;
        private nint _next;
        private T* _current;

        internal Enumerator(CollectionHandle<QueueBody<T>, TAllocator> handle)
        {
            _handle = handle;
            _version = handle.Body->Version;
            _end = handle.Body->Count;
        }

        /// <summary>Gets a reference to the element.</summary>
        public readonly ref T Current => ref *_current;

        /// <inheritdoc/>
        readonly T IEnumerator<T>.Current => Current;

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext()
        {
            QueueBody<T>* body = _handle.Body;
            CollectionMemory.CheckVersion(body->Version, _version);
            nint next = _next;
            if (next >= body->Count || next >= _end)
            {
                return false;
            }

            _current = body->At(next);
            _next = next + 1;
            return true;
        }

        /// <inheritdoc/>
        public void Reset() => _next = 0;

        /// <summary>Does nothing: the enumerator owns nothing.</summary>
        public readonly void Dispose()
        {
        }
    }
}
