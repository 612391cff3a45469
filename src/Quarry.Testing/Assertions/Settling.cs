using System;
using System.Diagnostics;
using System.Runtime;

namespace Quarry.Testing;

/// <summary>
/// When to run an action again, and when its figures are those that it will keep.
/// </summary>
/// <remarks>
/// <para>
/// The first run allocates what it allocates once: statics, cached delegates, literals. Unoptimised code
/// allocates what optimised code does not: boxes that are not needed, objects that do not escape. The runtime
/// compiles a method anew after 30 calls, as soon as no new method has been called for 100 ms; with counters
/// in it first, then for good.
/// </para>
/// <para>
/// So the first run is not looked at. When none of the next few takes more than is allowed, they prove what is
/// asserted, and that is all. Otherwise the action is run as often as makes it eligible, and after a pause
/// looked at again, until the runtime compiles no more or the time is up.
/// </para>
/// </remarks>
internal sealed class Settling(long allowed, bool repeat)
{
    private const int Looked = 8, Calls = 32, MinRounds = 3;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(150);

    private readonly long _start = Stopwatch.GetTimestamp();
    private long _compiled = -1;
    private int _unlooked = repeat ? 1 : 0;
    private int _runs;
    private int _looked;
    private int _round;

    /// <summary>The bytes that a run may take.</summary>
    internal long Allowed => allowed;

    /// <summary>The run with most bytes, of those that count.</summary>
    internal RunBytes Worst { get; private set; }

    /// <summary>What to wait before the next run.</summary>
    internal TimeSpan Pause { get; private set; }

    /// <summary>Takes the figures of a run.</summary>
    /// <returns>Whether to run again.</returns>
    internal bool Continue(RunBytes run)
    {
        _runs++;
        Pause = TimeSpan.Zero;
        bool late = Stopwatch.GetElapsedTime(_start) > s_limit;
        if (_unlooked > 0)
        {
            _unlooked = late ? 0 : _unlooked - 1;
            Pause = _unlooked == 0 && _round > 0 && !late ? s_pause : TimeSpan.Zero;
            return true;
        }

        Worst = _looked++ == 0 ? run : RunBytes.Max(Worst, run);
        if (repeat && _looked < Looked && !late)
        {
            return true;
        }

        long compiled = JitInfo.GetCompiledMethodCount();
        bool settled = _round >= MinRounds && compiled == _compiled;
        if (Worst.Total <= allowed || settled || late || !repeat)
        {
            return false;
        }

        _compiled = compiled;
        _round++;
        _unlooked = Calls;
        _looked = 0;
        return true;
    }

    /// <summary>Of which runs the worst is.</summary>
    public override string ToString() => repeat
        ? $"in the worst of {_looked} runs, after {_runs - _looked} to warm up"
        : "in its only run";
}
