namespace Quarry.Cli.Profiles.Model;

/// <summary>The kind of code that a frame runs. The values are part of the Names record.</summary>
internal enum FrameKind
{
    /// <summary>Compiled code of a program or a library.</summary>
    Native = 0,

    /// <summary>A method of .NET.</summary>
    Managed = 1,

    /// <summary>A part of the .NET runtime, folded in reports unless asked for.</summary>
    Runtime = 2,

    /// <summary>Code that the kernel maps, such as the vDSO.</summary>
    Kernel = 3,

    /// <summary>
    /// A method of .NET in a version that replaced another one on the stack (OSR); that one's frame is next.
    /// Stacks that were read do not have it, see <see cref="OnStackReplacement"/>.
    /// </summary>
    Replacement = 4,
}
