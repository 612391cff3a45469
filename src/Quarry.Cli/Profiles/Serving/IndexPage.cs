using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Text;
using Quarry.Cli.Http;
using Quarry.Cli.Profiles.Live;

namespace Quarry.Cli.Profiles.Serving;

/// <summary>The page that lists the processes and their profiles.</summary>
internal static class IndexPage
{
    private const string Begin =
        """
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="color-scheme" content="light dark">
        <title>Heap profiles</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em }
        td, th { text-align: left; padding: 0 1.5em 0 0 }
        td:first-child, th:first-child { text-align: right }
        </style>
        <h1>Heap profiles</h1>

        """;

    private const string End =
        """
        <p>heap opens with what is in use, allocs with what was allocated since the start; both are in the
        format of pprof.
        <code>?seconds=30</code> returns the difference over 30 seconds, <code>?debug=1</code> text.
        <a href="/targets">/targets</a> lists the processes for HTTP service discovery.</p>
        <pre>go tool pprof http://ADDRESS:PORT/debug/pprof/heap</pre>
        </html>

        """;

    internal static HttpResponse Create(IReadOnlyList<ProfileTaker> running)
    {
        StringBuilder page = new(Begin);
        page.Append("<table><tr><th>process<th>program<th colspan=\"3\">profiles\n");
        foreach (ProfileTaker taker in running)
        {
            string id = taker.Process.Id.ToString(CultureInfo.InvariantCulture);
            page.Append($"<tr><td>{id}<td>{WebUtility.HtmlEncode(taker.Name)}");
            foreach (string link in new[] { "heap?", "allocs?", "heap?debug=1&amp;" })
            {
                string label = link.Contains("debug") ? "text" : link.TrimEnd('?');
                page.Append($"<td><a href=\"{PprofService.Root}{link}pid={id}\">{label}</a>");
            }

            page.Append('\n');
        }

        page.Append(running.Count == 0 ? "<tr><td colspan=\"5\">none is running\n" : "").Append("</table>\n");
        page.Append(End);
        return HttpResponse.Text(HttpResponse.Ok, page.ToString()) with
        {
            ContentType = "text/html; charset=utf-8",
        };
    }
}
