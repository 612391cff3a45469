using System;
using System.Linq;

namespace Quarry.Cli.Projects;

/// <summary>
/// The name of a new project, which is also that of its namespace and in that of its struct.
/// </summary>
internal static class ProjectName
{
    // Namespaces that every source of the project uses.
    private static readonly string[] s_taken = ["Quarry", "System"];

    internal static void Check(string name)
    {
        if (name.Length == 0 || !char.IsAsciiLetterUpper(name[0])
            || !name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'))
        {
            throw new QuarryException(
                $"'{name}' cannot be the name of a namespace: a capital letter, then letters, digits and _");
        }

        if (s_taken.Contains(name, StringComparer.Ordinal))
        {
            throw new QuarryException($"'{name}' is a namespace that the project needs; choose another name");
        }
    }
}
