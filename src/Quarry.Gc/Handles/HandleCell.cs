namespace Quarry.Gc;

/// <summary>
/// The word of a handle, whose address is the handle. The runtime and managed code read it directly.
/// </summary>
/// <remarks>Its type and its extra word are elsewhere in its <see cref="HandleSegment"/>.</remarks>
internal unsafe struct HandleCell
{
    /// <summary>The object, or null.</summary>
    public nuint Object;

    /// <summary>Returns the runtime's type of a handle.</summary>
    internal static nuint TypeOf(HandleCell* cell) => HandleSegment.TypeOf(cell);

    /// <summary>
    /// Returns the extra word: the secondary object of a dependent handle, or the value that the runtime
    /// attached to a handle of another type. While the cell is free, it is the link to the next one.
    /// </summary>
    internal static ref nuint ExtraOf(HandleCell* cell) => ref *HandleSegment.ExtraOf(cell);
}
