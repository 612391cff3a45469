using System.Runtime.InteropServices;

namespace Quarry.Gc;

/// <summary>
/// The allocation context of a thread: <c>gc_alloc_context</c>. Only the thread itself changes it, in
/// cooperative mode, so it does not change while threads are suspended.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal unsafe struct AllocationContext
{
    private const int Bytes = 56, ReservedOffset = 32;

    /// <summary>
    /// The address of the next object, that is, of its method table; its header is the 8 bytes before.
    /// </summary>
    [FieldOffset(0)]
    public byte* Next;

    /// <summary>
    /// The first address at which no object may start. Compiled code allocates without a call up to here.
    /// </summary>
    [FieldOffset(8)]
    public byte* Limit;

    /// <summary>
    /// The number of bytes allocated to the thread for small objects. The runtime subtracts the unused bytes
    /// between <see cref="Next"/> and <see cref="Limit"/>.
    /// </summary>
    [FieldOffset(16)]
    public long SmallBytes;

    /// <summary>The number of bytes of large and pinned objects.</summary>
    [FieldOffset(24)]
    public long LargeBytes;

    /// <summary>
    /// The origin of the thread's quantum. The interface reserves these two words for the heap. In the mode
    /// <c>tracing</c>, in which there are no quanta, they are <see cref="Traced"/>; in the mode
    /// <c>collect</c>, the first one is <see cref="Holes"/>.
    /// </summary>
    [FieldOffset(ReservedOffset)]
    public Quantum Quantum;

    /// <summary>The thread's last object, in the mode <c>tracing</c>.</summary>
    [FieldOffset(ReservedOffset)]
    public TracedObject Traced;

    /// <summary>
    /// The holes that the thread allocates from next, in the mode <c>collect</c>, instead of a run.
    /// </summary>
    [FieldOffset(ReservedOffset)]
    public HoleCache Holes;

    /// <summary>Used only by the runtime.</summary>
    [FieldOffset(48)]
    public int Count;
}
