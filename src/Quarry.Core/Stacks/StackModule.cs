namespace Quarry;

/// <summary>Describes a module that the walker met, for the function that records modules.</summary>
/// <remarks>
/// The pointers are valid during the call only. The module may be unloaded at any time afterwards.
/// </remarks>
internal unsafe struct StackModule
{
    /// <summary>
    /// The path, zero-terminated; empty for the program itself, whose path is
    /// <c>Os.ExecutablePath</c>. A path from the kernel's table of mappings, read only where the C
    /// library has no <c>_dl_find_object</c>, is cut after 255 bytes.
    /// </summary>
    public byte* Path;

    /// <summary>The first address of the mapped image.</summary>
    public nuint Start;

    /// <summary>The address behind the mapped image.</summary>
    public nuint End;

    /// <summary>The difference between addresses in memory and addresses in the file's headers.</summary>
    public nuint LoadBias;

    /// <summary>The first byte of the build ID; null if the module has none.</summary>
    public byte* BuildId;

    /// <summary>The number of bytes of the build ID, usually 20.</summary>
    public int BuildIdLength;
}
