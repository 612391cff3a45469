using System;
using System.Linq;

namespace Quarry.Cli.Projects;

/// <summary>
/// Validates the name of a new project, which is also its namespace and part of the name of its struct.
/// </summary>
internal static class ProjectName
{
    // Namespaces that the sources of the project use.
    private static readonly string[] s_taken = ["Quarry", "System"];

    internal static void Check(string name)
    {
        if (name.Length == 0 || !char.IsAsciiLetterUpper(name[0])
            || !name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'))
        {
            throw new QuarryException(
                $"'{name}' is not a valid name: expected a capital letter, then letters, digits and _");
        }

        if (s_taken.Contains(name, StringComparer.Ordinal))
        {
            throw new QuarryException($"'{name}' is a namespace that the project uses; choose another name");
        }
    }
}
