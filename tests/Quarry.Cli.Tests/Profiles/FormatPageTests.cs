using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>The examples of <c>docs/profile-format.md</c>, as they stand there.</summary>
public sealed partial class FormatPageTests
{
    [Fact]
    public void The_code_prints_the_top_sites()
    {
        using TemporaryFolder folder = new();
        using StringWriter output = new() { NewLine = "\n" };
        string path = Examples.Small().Write(folder.File("server.1234.qprof"));

        ProfileFile profile = ProfileFile.Open(path);
        output.WriteLine($"{profile.Program}: {profile.Totals.LiveBytes} bytes in use");
        foreach (RecordedSite site in profile.Sites.OrderByDescending(site => site.LiveBytes).Take(3))
        {
            output.WriteLine($"{site.LiveBytes} bytes in {site.LiveBlocks:0} blocks, allocated by");
            foreach (ulong next in site.Stack.ReturnAddresses)
            {
                RecordedModule? module = profile.FindModule(next - 1, site.Stack.Time);
                output.WriteLine($"    {module?.Path} + 0x{next - 1 - (module?.LoadBias ?? 0):x}");
            }
        }

        Assert.StartsWith(
            "/opt/app: 3136 bytes in use\n3072 bytes in 3 blocks, allocated by\n    /lib/libc.so.6 + 0xfff\n",
            output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_records_in_JSON_are_read()
    {
        Assert.SkipUnless(FindPage() is not null, "the documentation is not beside the tests");
        byte[][] examples =
        [
            .. JsonBlock().Matches(File.ReadAllText(FindPage()!))
                .Select(match => Encoding.UTF8.GetBytes(match.Groups[1].Value)),
        ];
        Assert.Equal(2, examples.Length);
        NamesRecord names = NamesRecord.Parse(examples[0], null);
        Assert.Equal(["next_token", "parse"], names.Resolve(0x4010ff, default).Select(f => f.Function));
        Assert.Equal([true, false], names.Resolve(0x4010ff, default).Select(f => f.IsInlined));
        ManagedSite site = Assert.Single(ManagedAllocations.Parse(examples[1]).Sites);
        Assert.Equal("System.String", site.Type);
        Assert.Equal(("App.Parse", 17), (site.Frames[0].Function, site.Frames[0].Line));
    }

    private static string? FindPage()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        for (; folder is not null; folder = folder.Parent)
        {
            string page = Path.Combine(folder.FullName, "docs", "profile-format.md");
            if (File.Exists(page))
            {
                return page;
            }
        }

        return null;
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
