namespace Quarry.Gc;

/// <summary>A handle is the address of one of these: the runtime reads the first word by itself.</summary>
internal unsafe struct HandleCell
{
    /// <summary>The object, or null. Managed code and the runtime read and write it directly.</summary>
    public nuint Object;

    /// <summary>
    /// The secondary object of a dependent handle, or what the runtime attached to another one.
    /// </summary>
    public nuint Extra;

    /// <summary>The next free cell, while this one is free.</summary>
    public nuint Next;

    /// <summary>The runtime's kind of handle, from 0 to 12.</summary>
    public nuint Type;
}
