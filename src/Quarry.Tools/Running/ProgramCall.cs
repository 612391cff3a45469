using System.Collections.Generic;
using System.Linq;
using System.Text;
using Quarry.Tools.Posix;

namespace Quarry.Tools.Running;

/// <summary>A program that was found, and the arguments it gets (the first is its name, as typed).</summary>
internal sealed record ProgramCall(string Path, IReadOnlyList<byte[]> Arguments)
{
    internal IEnumerable<string> Words => Arguments.Select(Encoding.UTF8.GetString);

    /// <summary>
    /// The last words of this process's own command line. .NET decodes arguments to UTF-16, which loses bytes
    /// that are not UTF-8; the kernel still has them.
    /// </summary>
    internal static ProgramCall FromCommandLine(IReadOnlyList<string> words)
    {
        List<byte[]> all = ProcFile.ReadStrings("/proc/self/cmdline");
        return new(ProgramFinder.Find(words[0]), all[^words.Count..]);
    }

    internal static ProgramCall Of(params string[] words) =>
        new(ProgramFinder.Find(words[0]), [.. words.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>
    /// The same call through the shell, for a script without a first line that names its interpreter.
    /// </summary>
    internal ProgramCall ThroughShell() =>
        new("/bin/sh", ["/bin/sh"u8.ToArray(), Encoding.UTF8.GetBytes(Path), .. Arguments.Skip(1)]);
}
