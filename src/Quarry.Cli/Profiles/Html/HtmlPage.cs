using System;
using System.IO;
using System.Net;

namespace Quarry.Cli.Profiles.Html;

/// <summary>Fills the page with its styles, scripts and data.</summary>
internal static class HtmlPage
{
    private const string Open = "{{", Close = "}}";

    /// <summary>Writes the page.</summary>
    /// <param name="title">The title of the document.</param>
    /// <param name="data">The data: JSON whose strings contain no <c>&lt;</c>.</param>
    /// <param name="output">The writer.</param>
    internal static void Write(string title, string data, TextWriter output)
    {
        // Not by String.Replace: what is inserted may itself contain braces.
        ReadOnlySpan<char> rest = PageResource.Read("report.html");
        for (int open = rest.IndexOf(Open); open >= 0; open = rest.IndexOf(Open))
        {
            int close = rest.IndexOf(Close);
            output.Write(rest[..open]);
            output.Write(rest[(open + Open.Length)..close] switch
            {
                "title" => WebUtility.HtmlEncode(title),
                "styles" => PageResource.Read("libraries.min.css") + PageResource.Read("report.css"),
                "licenses" => WebUtility.HtmlEncode(PageResource.Read("LICENSES.txt")),
                "data" => data,
                "libraries" => PageResource.Read("libraries.min.js"),
                "script" => PageScript.Join("main.js", PageResource.Read),
                var name => throw new InvalidOperationException($"The page has no part '{name}'."),
            });
            rest = rest[(close + Close.Length)..];
        }

        output.Write(rest);
    }
}
