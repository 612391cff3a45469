using System.Linq;

namespace Quarry.Sdk.Tests;

/// <summary>What a process left: death by signal n is exit code 128 + n.</summary>
internal sealed record Result(int ExitCode, string Output, string Errors)
{
    internal string[] ErrorLines => Errors.Split('\n').Where(line => line.Length > 0).ToArray();
}
