using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Quarry.Cli.Tests.Profiles.Html;

/// <summary>Reads the data of a page as the page itself does.</summary>
internal sealed class PageData
{
    private const string Start = "<script type=\"application/json\" id=\"data\">", End = "</script>";

    internal PageData(string page)
    {
        int start = page.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        string json = page[start..page.IndexOf(End, start, StringComparison.Ordinal)];
        Root = JsonDocument.Parse(json).RootElement;
    }

    internal JsonElement Root { get; }

    internal static string Write(Action<TextWriter> write)
    {
        using StringWriter writer = new();
        write(writer);
        return writer.ToString();
    }

    internal JsonElement Set(int index) => Root.GetProperty("sets")[index];

    internal double[] Column(int set, string name) =>
        Numbers(Set(set).GetProperty("sites").GetProperty(name));

    /// <summary>The stacks of the sites, innermost first, as "function @ module file:line kind".</summary>
    internal List<string[]> Stacks(int set)
    {
        JsonElement tree = Set(set).GetProperty("tree");
        double[] parents = Numbers(tree.GetProperty("parent")), frames = Numbers(tree.GetProperty("frame"));
        string[] names = Frames();
        List<string[]> result = [];
        foreach (double site in Column(set, "node"))
        {
            List<string> stack = [];
            for (int node = (int)site; node >= 0; node = (int)parents[node])
            {
                stack.Add(names[(int)frames[node]]);
            }

            result.Add([.. stack]);
        }

        return result;
    }

    private string[] Frames()
    {
        string[] strings = [.. Root.GetProperty("strings").EnumerateArray().Select(s => s.GetString()!)];
        JsonElement functions = Root.GetProperty("functions"), frames = Root.GetProperty("frames");
        double[] names = Numbers(functions.GetProperty("name"));
        double[] modules = Numbers(functions.GetProperty("module"));
        double[] kinds = Numbers(functions.GetProperty("kind"));
        double[] files = Numbers(frames.GetProperty("file"));
        double[] lines = Numbers(frames.GetProperty("line"));
        return [.. Numbers(frames.GetProperty("function")).Select((f, i) =>
            $"{strings[(int)names[(int)f]]} @ {strings[(int)modules[(int)f]]} " +
            $"{strings[(int)files[i]]}:{lines[i]} {kinds[(int)f]}")];
    }

    private static double[] Numbers(JsonElement array) =>
        [.. array.EnumerateArray().Select(n => n.GetDouble())];
}
