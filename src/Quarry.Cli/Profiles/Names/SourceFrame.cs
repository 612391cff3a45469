namespace Quarry.Cli.Profiles.Names;

/// <summary>A function at an address, by debug information.</summary>
/// <param name="Function">The demangled name; empty if unknown.</param>
/// <param name="File">The source file; empty if unknown.</param>
/// <param name="Line">The line; 0 if unknown.</param>
internal readonly record struct SourceFrame(string Function, string File, int Line)
{
    /// <summary>Both tools print question marks for what they do not know.</summary>
    internal static SourceFrame Of(string function, string file, int line) => new(
        function is "??" ? "" : Demangler.Demangle(function), file is "??" ? "" : file, line);
}
