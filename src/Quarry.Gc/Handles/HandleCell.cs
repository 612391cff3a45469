namespace Quarry.Gc;

/// <summary>
/// The cell of a handle; the handle is its address. The runtime reads the first word directly.
/// </summary>
internal unsafe struct HandleCell
{
    /// <summary>
    /// The object, or null. The runtime and managed code read and write it without a call.
    /// </summary>
    public nuint Object;

    /// <summary>
    /// The secondary object of a dependent handle, or the value that the runtime attached to a handle of
    /// another type.
    /// </summary>
    public nuint Extra;

    /// <summary>The next free cell while this one is free.</summary>
    public nuint Next;

    /// <summary>The runtime's type of the handle, from 0 to 12.</summary>
    public nuint Type;
}
