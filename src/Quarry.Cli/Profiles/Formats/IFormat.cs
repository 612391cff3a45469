using System.IO;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Writes a profile, or a comparison of two, for people or for other tools.</summary>
/// <typeparam name="T">The type of what is written.</typeparam>
internal interface IFormat<in T>
{
    /// <summary>The name, as a value of <c>--format</c>.</summary>
    string Name { get; }

    /// <summary>The end of a file name, with the dot.</summary>
    string Extension { get; }

    /// <summary>Whether a terminal can show the result.</summary>
    bool IsText { get; }

    /// <summary>Writes to <paramref name="output"/>, which stays open.</summary>
    void Write(T content, Stream output, FormatOptions options);
}
