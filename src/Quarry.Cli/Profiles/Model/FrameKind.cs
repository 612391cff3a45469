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
}
