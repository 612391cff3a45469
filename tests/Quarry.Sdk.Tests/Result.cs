using System.Linq;

namespace Quarry.Sdk.Tests;

/// <summary>The result of a process; the exit code after signal n is 128 + n.</summary>
internal sealed record Result(int ExitCode, string Output, string Errors)
{
    internal string[] ErrorLines => Errors.Split('\n').Where(line => line.Length > 0).ToArray();
}
