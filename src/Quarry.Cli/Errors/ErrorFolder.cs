using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Quarry.Cli.Running;

namespace Quarry.Cli.Errors;

/// <summary>A private folder in which the processes of a run report errors.</summary>
internal sealed class ErrorFolder() : ReportFolder("QUARRY_ERRORS")
{
    /// <summary>Gets the path of the socket at which a process with an error waits.</summary>
    internal string MethodSocket => Prefix + ".names";

    /// <summary>Reads the errors, by process and then in their order.</summary>
    internal IReadOnlyList<MemoryError<ErrorFrame>> Read() =>
    [
        .. Files.Where(file => file.FullName != MethodSocket).OrderBy(file => file.CreationTimeUtc)
            .SelectMany(file => File.ReadLines(file.FullName))
            .Select(Parse)
            .OfType<MemoryError<ErrorFrame>>(),
    ];

    /// <summary>Reads one error; null if its process was killed while it wrote.</summary>
    private static MemoryError<ErrorFrame>? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ErrorJson.Default.MemoryErrorErrorFrame);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
