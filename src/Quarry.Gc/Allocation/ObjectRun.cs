namespace Quarry.Gc;

/// <summary>A run of objects: the word that it starts with.</summary>
/// <remarks>
/// <para>
/// The heap is run after run, and a run is object after object, up to the first address without a method
/// table. A <see cref="HeapWalk"/> therefore reaches every object without a list of them.
/// </para>
/// <para>
/// A run is one large object, or one or more quanta of a thread, which extends its last run in place.
/// <see cref="Size"/> is written once the run is known to be separate: from then on there is a run at this
/// address for good.
/// </para>
/// </remarks>
internal unsafe struct ObjectRun
{
    /// <summary>The offset of the first object: after this word and the object's header.</summary>
    private const nuint FirstOffset = 16;

    /// <summary>The size of the word and of the smallest object.</summary>
    internal const nuint MinSize = 8 + ManagedObject.MinSize;

    /// <summary>
    /// The number of bytes to the next run; 0 until the run is complete. Grows when the thread extends the
    /// run, before it creates an object there; walks read it at any time.
    /// </summary>
    public nuint Size;

    /// <summary>Returns the address of the first object's method table.</summary>
    internal static byte* First(ObjectRun* run) => (byte*)run + FirstOffset;

    /// <summary>
    /// Returns the first address at which no object may start. The header before an object is its own, so the
    /// last object ends 8 bytes before.
    /// </summary>
    internal static byte* Limit(ObjectRun* run) => (byte*)run + Atomic.Read(ref run->Size) + 8;

    /// <summary>Returns the size of a run for a number of bytes of objects.</summary>
    internal static nuint SizeFor(nuint objects) => objects + 8;

    /// <summary>Returns the number of bytes of objects for which a run has room.</summary>
    internal static nuint ObjectBytes(ObjectRun* run) => run->Size - 8;
}
