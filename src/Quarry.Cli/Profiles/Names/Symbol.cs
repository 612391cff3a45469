namespace Quarry.Cli.Profiles.Names;

/// <summary>A function in a symbol table; addresses are those of the file.</summary>
/// <param name="Start">The address of the function.</param>
/// <param name="Size">Its size in bytes; 0 if the table does not state it.</param>
/// <param name="Name">Its name, as the linker knows it.</param>
internal readonly record struct Symbol(ulong Start, ulong Size, string Name);
