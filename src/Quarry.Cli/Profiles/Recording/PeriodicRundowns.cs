using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Quarry.Tools.Posix;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>
/// Asks .NET processes for the names of their methods from time to time, as they leave none when they are
/// killed. Ends when disposed.
/// </summary>
internal sealed class PeriodicRundowns : IDisposable
{
    // A rundown takes the process a tenth of a millisecond for each method: in the long run, once a minute.
    // What a young process compiles is most of what it ever has.
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<int, (long Time, TimeSpan Interval)> _next = [];
    private readonly CancellationTokenSource _end = new();
    private readonly RundownFolder _folder;
    private readonly int _process;
    private readonly bool _withChildren;
    private readonly Thread _thread;

    /// <summary>Starts asking.</summary>
    /// <param name="folder">The folder for the answers.</param>
    /// <param name="process">The ID of the process.</param>
    /// <param name="withChildren">Whether its descendants are asked as well.</param>
    internal PeriodicRundowns(RundownFolder folder, int process, bool withChildren)
    {
        _folder = folder;
        _process = process;
        _withChildren = withChildren;
        _thread = new Thread(Run) { IsBackground = true, Name = "rundowns" };
        _thread.Start();
    }

    public void Dispose()
    {
        _end.Cancel();
        _thread.Join();
        _end.Dispose();
    }

    private void Run()
    {
        while (!_end.Token.WaitHandle.WaitOne(s_step))
        {
            foreach (int id in Processes())
            {
                AskIfDue(id);
            }
        }
    }

    private void AskIfDue(int id)
    {
        if (!_next.TryGetValue(id, out (long Time, TimeSpan Interval) next))
        {
            _next[id] = (Environment.TickCount64 + (long)s_first.TotalMilliseconds, s_first);
        }
        else if (Environment.TickCount64 >= next.Time)
        {
            // What does not answer is asked again: a shell may become a .NET program.
            _ = TrySave(id);
            TimeSpan interval = next.Interval * 2 < s_longest ? next.Interval * 2 : s_longest;
            _next[id] = (Environment.TickCount64 + (long)interval.TotalMilliseconds, interval);
        }
    }

    /// <summary>The rundown before is replaced by a complete one only.</summary>
    private bool TrySave(int id)
    {
        string path = _folder.LatestOf(id), partial = path + ".partial";
        try
        {
            using (FileStream file = File.Create(partial))
            {
                if (!Rundown.TryCopy(id, file, _end.Token))
                {
                    return false;
                }
            }

            File.Move(partial, path, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is full: the names are as old as the last rundown.
            return false;
        }
    }

    private List<int> Processes()
    {
        List<int> found = [_process];
        if (_withChildren)
        {
            Dictionary<int, List<int>> children = [];
            foreach ((int id, int parent, _) in ProcFile.Processes())
            {
                (children.TryGetValue(parent, out List<int>? list) ? list : children[parent] = []).Add(id);
            }

            for (int i = 0; i < found.Count; i++)
            {
                found.AddRange(children.GetValueOrDefault(found[i], []));
            }
        }

        return found;
    }
}
