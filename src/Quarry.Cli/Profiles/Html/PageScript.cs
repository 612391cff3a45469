using System;
using System.Collections.Generic;
using System.Text;
using System.Text.RegularExpressions;

namespace Quarry.Cli.Profiles.Html;

/// <summary>
/// Joins the modules of the page to one script, because a module in a file cannot import another one.
/// </summary>
internal static partial class PageScript
{
    /// <summary>Joins a module and all that it imports.</summary>
    /// <param name="main">The name of the module.</param>
    /// <param name="read">Returns the source of a module.</param>
    /// <returns>A script in which each module follows those that it imports.</returns>
    internal static string Join(string main, Func<string, string> read)
    {
        StringBuilder script = new("(() => {\n\"use strict\";\n");
        Append(main, read, [], script);
        return script.Append("})();\n").ToString();
    }

    private static void Append(
        string name, Func<string, string> read, HashSet<string> seen, StringBuilder script)
    {
        if (!seen.Add(name))
        {
            return;
        }

        string source = read(name);
        foreach (Match import in Import().Matches(source))
        {
            Append(import.Groups[1].Value, read, seen, script);
        }

        script.Append(Export().Replace(Import().Replace(source, ""), ""));
    }

    [GeneratedRegex("""^import \{[^}]*\} from "\./([^"]+)";\n""", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex("^export (?=const|function|class)", RegexOptions.Multiline)]
    private static partial Regex Export();
}
