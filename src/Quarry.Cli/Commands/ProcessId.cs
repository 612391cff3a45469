using System.Globalization;
using Quarry.Tools;

namespace Quarry.Cli.Commands;

/// <summary>Parses the IDs of processes.</summary>
internal static class ProcessId
{
    /// <exception cref="QuarryException">The text is not a positive number.</exception>
    internal static int Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id > 0 ? id
        : throw new QuarryException($"'{text}' is not the ID of a process");
}
