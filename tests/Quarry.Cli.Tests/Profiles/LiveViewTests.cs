using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>The live view on a terminal, as its user sees it.</summary>
public sealed class LiveViewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AllocatingProgram _process;

    public LiveViewTests() => _process = new AllocatingProgram(_folder, AllocatingProgram.Compile(_folder));

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(120, 40)]
    [InlineData(50, 12)]
    public void The_screen_shows_figures_that_change(int width, int height)
    {
        using TerminalSession session = Start(width, height);
        string[] lines = session.WaitFor("q quit");
        Assert.True(session.IsAlternate);
        Assert.Equal(height, lines.Length);
        Assert.StartsWith($"program ({_process.Id}), up ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  in use", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("  allocated", lines[5], StringComparison.Ordinal);
        Assert.Contains("\u25BClive", lines[7], StringComparison.Ordinal);
        Assert.Matches(@"^ 1000 KiB +1,000 .*keeps", lines[8]);
        Assert.Equal(width >= 80, lines[7].Contains("alloc/s", StringComparison.Ordinal));
        Assert.StartsWith("q quit", lines[^1], StringComparison.Ordinal);

        _process.Step();
        _process.Step();
        session.WaitFor(screen =>
            screen.Any(line => line.StartsWith("  400 KiB       200 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_key_changes_the_order()
    {
        using TerminalSession session = Start(80, 24);
        session.WaitFor("\u25BClive");
        session.Press("s");
        session.WaitFor("\u25BCgrowth/s");
        session.Press("s");
        session.WaitFor("\u25BCalloc/s");

        // What has not changed is not among the sites that grow or allocate.
        session.WaitFor(lines => !lines.Any(line => line.Contains("keeps", StringComparison.Ordinal)));
        session.Press("s");
        session.WaitFor(lines => lines.Any(line => line.Contains("keeps", StringComparison.Ordinal)));
    }

    [Fact]
    public void Another_size_of_the_window_takes_effect()
    {
        using TerminalSession session = Start(80, 24);
        session.WaitFor("alloc/s");
        session.Resize(44, 10);
        string[] lines = session.WaitFor(screen =>
            screen.Length == 10 && screen[^1].StartsWith("q quit", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 44));
        Assert.Contains("keeps", lines[8], StringComparison.Ordinal);
        session.Resize(100, 30);
        session.WaitFor(screen => screen.Length == 30 &&
            screen[^1].EndsWith("Every allocation is recorded.", StringComparison.Ordinal) &&
            screen[7].Contains("alloc/s", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("q")]
    [InlineData("C-c")]
    public void A_key_ends_the_view_and_restores_the_terminal(string key)
    {
        using TerminalSession session = Start(80, 24);
        session.WaitFor("q quit");
        session.Press(key);
        string[] lines = session.WaitFor("left ");
        Assert.False(session.IsAlternate);
        Assert.Contains("left 0 icanon echo", lines);
        Assert.DoesNotContain(lines, line => line.Contains("keeps", StringComparison.Ordinal));
    }

    [Fact]
    public void The_end_of_the_process_ends_the_view_and_leaves_the_last_figures()
    {
        using TerminalSession session = Start(80, 40);
        session.WaitFor("q quit");
        _process.End();
        string[] lines = session.WaitFor("left ");
        Assert.False(session.IsAlternate);
        Assert.Contains($"Process {_process.Id} has ended.", lines);
        Assert.Contains(lines, line => line.Contains("keeps", StringComparison.Ordinal));
        Assert.Contains("left 0 icanon echo", lines);
    }

    [Fact]
    public void Nothing_is_erased_between_two_screens()
    {
        using TerminalSession session = Start(80, 24);
        session.WaitFor("q quit");
        session.Press("s");
        session.WaitFor("\u25BCgrowth/s");
        session.Press("q");
        session.WaitFor("left ");
        string[] screens = File.ReadAllText(session.Recording).Split("\e[?2026h");
        Assert.InRange(screens.Length, 3, 1000);
        Assert.Contains("\e[?1049h\e[?25l", screens[0], StringComparison.Ordinal);
        Assert.Contains("\e[?25h\e[?1049l", screens[^1], StringComparison.Ordinal);
        Assert.All(screens[1..], screen =>
        {
            Assert.StartsWith("\e[H", screen, StringComparison.Ordinal);
            Assert.DoesNotContain("\e[2J", screen, StringComparison.Ordinal);
            Assert.DoesNotContain("\e[H\e[J", screen, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("NO_COLOR= ", true)]
    [InlineData("NO_COLOR=1 ", false)]
    public void Colors_are_off_on_request(string environment, bool hasColors)
    {
        using TerminalSession session = Start(80, 24, environment);
        session.WaitFor("q quit");
        Assert.Equal(hasColors, session.Styled.Contains("\e[90m", StringComparison.Ordinal));
        Assert.Contains("\e[7m", session.Styled, StringComparison.Ordinal);
    }

    private TerminalSession Start(int width, int height, string environment = "") => new(
        _folder, width, height, $"{environment}$QUARRY stats {_process.Id}; " +
            @"echo left $? $(stty -a | grep -ow -e '-*icanon' -e '-*echo'); cat");
}
