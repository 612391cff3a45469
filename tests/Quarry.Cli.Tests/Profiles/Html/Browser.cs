using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Cli.Tests.Profiles.Html;

/// <summary>Shows a page in headless Chromium, if it is installed.</summary>
internal static class Browser
{
    /// <summary>Loads a page, runs a script in it, and returns what the script returns.</summary>
    /// <param name="page">The page.</param>
    /// <param name="part">The part of the page that its address names.</param>
    /// <param name="script">The body of an asynchronous function; runs once the page is loaded.</param>
    /// <exception cref="Xunit.Sdk.XunitException">The page has written to the console.</exception>
    internal static string Run(string page, string part, string script)
    {
        string program = Find();
        using TemporaryFolder folder = new();
        string file = folder.File("page.html");
        string action = $"addEventListener('load', () => setTimeout(async () => {{ " +
            $"document.body.dataset.result = await (async () => {{ {script} }})(); }}, 300));";
        File.WriteAllText(file, page.Replace("</body>", $"<script>{action}</script></body>"));
        (string document, string errors) = Load(program, folder, $"file://{file}#{part}");
        Assert.Empty(ConsoleLines(errors));
        return Result(document);
    }

    /// <summary>Loads a page of another project, and returns the elements it consists of then.</summary>
    /// <param name="address">The address of the page.</param>
    internal static string Load(string address)
    {
        string program = Find();
        using TemporaryFolder folder = new();
        return Load(program, folder, address).Document;
    }

    private static (string Document, string Errors) Load(
        string program, TemporaryFolder folder, string address)
    {
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
            "--user-data-dir=" + folder.File("browser"), "--window-size=1400,1000",
            "--virtual-time-budget=4000", "--dump-dom", address,
        ];
        Outcome outcome = new Run(program, arguments) { LongestOutput = int.MaxValue }.Start();
        return (outcome.Output, outcome.Errors);
    }

    private static string Find() => TestSupport.Tool.Require("chromium", "chromium-browser", "google-chrome");

    private static IEnumerable<string> ConsoleLines(string errors) =>
        errors.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal));

    private static string Result(string document)
    {
        const string Attribute = "data-result=\"";
        int start = document.IndexOf(Attribute, StringComparison.Ordinal);
        Assert.True(start >= 0, "the script has not run");
        start += Attribute.Length;
        return System.Net.WebUtility.HtmlDecode(document[start..document.IndexOf('"', start)]);
    }
}
