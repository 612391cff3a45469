using System.Linq;
using Quarry.Tools;

namespace Quarry.Cli.Projects;

/// <summary>
/// Validates the name of a new project, which is also its namespace and part of the name of its struct.
/// </summary>
internal static class ProjectName
{
    internal static void Check(string name)
    {
        if (name.Length == 0 || !char.IsAsciiLetterUpper(name[0])
            || !name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'))
        {
            throw new QuarryException(
                $"'{name}' is not a valid name: expected a capital letter, then letters, digits and _");
        }

        // A namespace would hide the type of that name.
        if (ProjectTemplate.Uses(name))
        {
            throw new QuarryException(
                $"'{name}' is a name that the sources of the project use; choose another one");
        }
    }
}
