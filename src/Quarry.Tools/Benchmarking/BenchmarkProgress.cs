using System;
using Spectre.Console;

namespace Quarry.Tools.Benchmarking;

/// <summary>
/// A bar that moves between runs, never during one: drawing takes time from what is measured.
/// </summary>
internal static class BenchmarkProgress
{
    /// <summary>Does work that tells each of its steps.</summary>
    /// <param name="console">Where to draw; nothing is drawn unless it is a terminal.</param>
    /// <param name="steps">How many steps there will be.</param>
    /// <param name="work">Gets an action to call before each step with its name.</param>
    internal static T Show<T>(IAnsiConsole console, int steps, Func<Action<string>, T> work)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            return work(_ => { });
        }

        return console.Progress()
            .AutoRefresh(false)
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn())
            .Start(context =>
            {
                ProgressTask? task = null;
                return work(name =>
                {
                    task?.Increment(1);
                    task ??= context.AddTask("-", maxValue: steps);
                    task.Description = Markup.Escape(name);
                    context.Refresh();
                });
            });
    }
}
