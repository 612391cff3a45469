using System.IO;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Writes the difference of two profiles.</summary>
internal interface IDiffFormat
{
    /// <summary>The name, as a value of <c>--format</c>.</summary>
    string Name { get; }

    /// <summary>Whether a terminal can show the result.</summary>
    bool IsText { get; }

    /// <summary>The end of a file name, with the dot.</summary>
    string Extension { get; }

    /// <summary>Writes the difference to <paramref name="output"/>, which stays open.</summary>
    void Write(ProfileDiff diff, Stream output, FormatOptions options);
}
