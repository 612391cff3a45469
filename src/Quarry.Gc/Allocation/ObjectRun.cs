namespace Quarry.Gc;

/// <summary>The header of a run of objects: one word.</summary>
/// <remarks>
/// <para>
/// The heap is a sequence of runs, and a run is a sequence of objects, up to the first address without a
/// method table. A <see cref="HeapWalk"/> therefore reaches every object without a list of them.
/// </para>
/// <para>
/// A run is one large object, or one or more quanta of a thread, which extends its last run in place.
/// <see cref="Size"/> is written when it is known that the memory does not extend the thread's last run; from
/// then on, the address is permanently that of a run.
/// </para>
/// </remarks>
internal unsafe struct ObjectRun
{
    /// <summary>The offset of the first object: after this word and the object's header.</summary>
    private const nuint FirstOffset = 16;

    /// <summary>The minimum size of a run, in bytes: this word and the smallest object.</summary>
    internal const nuint MinSize = 8 + ManagedObject.MinSize;

    /// <summary>
    /// The number of bytes to the next run; 0 until the run is published. Grows when the thread extends the
    /// run, before it creates an object there; walks read it at any time.
    /// </summary>
    public nuint Size;

    /// <summary>Returns the address of the first object's method table.</summary>
    internal static byte* First(ObjectRun* run) => (byte*)run + FirstOffset;

    /// <summary>
    /// Returns the first address at which no object may start. The header of an object precedes its address,
    /// so the last object ends 8 bytes before the limit.
    /// </summary>
    internal static byte* Limit(ObjectRun* run) => (byte*)run + Atomic.Read(ref run->Size) + 8;

    /// <summary>Returns the size of a run for a number of bytes of objects.</summary>
    internal static nuint SizeFor(nuint objects) => objects + 8;

    /// <summary>Returns the number of bytes of objects that fit into a run.</summary>
    internal static nuint ObjectBytes(ObjectRun* run) => run->Size - 8;
}
