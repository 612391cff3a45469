using System.IO;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Writes a profile for people or for other tools.</summary>
internal interface IProfileFormat
{
    /// <summary>The name, as a value of <c>--format</c>.</summary>
    string Name { get; }

    /// <summary>The end of a file name, with the dot.</summary>
    string Extension { get; }

    /// <summary>Whether a terminal can show the result.</summary>
    bool IsText { get; }

    /// <summary>Writes the profile to <paramref name="output"/>, which stays open.</summary>
    void Write(Profile profile, Stream output, FormatOptions options);
}
