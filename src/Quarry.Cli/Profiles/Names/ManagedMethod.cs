namespace Quarry.Cli.Profiles.Names;

/// <summary>One compiled version of a method of .NET.</summary>
/// <param name="Start">The address of its code.</param>
/// <param name="Size">The size of its code, in bytes.</param>
/// <param name="Name">The readable name.</param>
/// <param name="Assembly">The path of its assembly; empty if it was created at run time.</param>
/// <param name="Token">The metadata token.</param>
/// <param name="IsStub">Whether the runtime generated it, to call native code, for example.</param>
/// <param name="IsReplacement">Whether it replaces another version that is on the stack (OSR).</param>
/// <param name="Map">The IL offsets of its code; null if unknown, as of precompiled code.</param>
internal sealed record ManagedMethod(
    ulong Start, uint Size, string Name, string Assembly, int Token, bool IsStub, bool IsReplacement,
    InstructionMap? Map)
{
    internal bool Contains(ulong address) => address - Start < Size;
}
