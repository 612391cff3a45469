using System.Globalization;
using System.IO;

namespace Quarry.Cli.Profiles.Model;

/// <summary>One frame of a call stack. An address has several if functions were inlined there.</summary>
/// <param name="Function">The demangled name; "module!0xOFFSET" if it is unknown, never empty.</param>
/// <param name="Module">The path of the module or the name of the assembly; empty if unknown.</param>
/// <param name="File">The path of the source file; empty if unknown.</param>
/// <param name="Line">The line in the file; 0 if unknown.</param>
/// <param name="Kind">The kind of code.</param>
/// <param name="IsInlined">Whether the function was inlined into that of the next frame.</param>
/// <param name="Address">The address that was looked up: the return address minus 1.</param>
internal sealed record Frame(
    string Function, string Module, string File, int Line, FrameKind Kind, bool IsInlined, ulong Address)
{
    /// <summary>"file.c:12", without folders; empty if unknown.</summary>
    internal string Source => File.Length == 0 ? ""
        : Line == 0 ? Path.GetFileName(File)
        : string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(File)}:{Line}");

    /// <summary>The name of the module without folders; empty if unknown.</summary>
    internal string ModuleName => Path.GetFileName(Module);

    /// <summary>Equal for the same function of different processes, whatever their addresses.</summary>
    internal (string Function, string Module) Identity => (Function, ModuleName);
}
