using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Quarry.Samples.Tests.Documents;

/// <summary>A fenced block of a Markdown page.</summary>
/// <param name="Page">The path of the page, relative to the repository.</param>
/// <param name="Line">The line of the opening fence.</param>
/// <param name="Language">What follows the fence; may be empty.</param>
/// <param name="Text">The lines between the fences.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Text)
{
    private const string Fence = "```";

    /// <summary>Returns all blocks of all pages for users.</summary>
    internal static IEnumerable<CodeBlock> All()
    {
        string root = Repository.Root;
        return Directory.GetFiles(Path.Combine(root, "docs"), "*.md")
            .Concat(Directory.GetFiles(Path.Combine(root, "src"), "README.md", SearchOption.AllDirectories))
            .Append(Path.Combine(root, "README.md"))
            .Select(path => Path.GetRelativePath(root, path))
            .Order()
            .SelectMany(Of);
    }

    private static IEnumerable<CodeBlock> Of(string page)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, page));
        for (int start = 0; start < lines.Length; start++)
        {
            if (lines[start].StartsWith(Fence))
            {
                int end = start + 1;
                while (end < lines.Length && !lines[end].StartsWith(Fence))
                {
                    end++;
                }

                string text = string.Join('\n', lines[(start + 1)..end]);
                yield return new CodeBlock(page, start + 1, lines[start][Fence.Length..], text);
                start = end;
            }
        }
    }
}
