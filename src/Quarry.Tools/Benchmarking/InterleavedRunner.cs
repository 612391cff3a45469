using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Quarry.Tools.Benchmarking;

/// <summary>
/// Runs every contender once per round, in an order that rotates from round to round: what drifts
/// (temperature, page cache, other load) and what a run leaves to its successor meets all of them alike.
/// </summary>
/// <param name="contenders">Who takes part, in the order of the first round.</param>
/// <param name="launch">Runs one of them once.</param>
internal sealed class InterleavedRunner(
    IReadOnlyList<Contender> contenders, Func<Contender, CancellationToken, Measurement> launch)
{
    /// <summary>Runs all rounds. A contender that fails once is out, with the reason.</summary>
    /// <param name="plan">The number of rounds.</param>
    /// <param name="beforeRun">Told who comes next.</param>
    /// <param name="cancellation">Stops after the run in progress, which the launcher ends early.</param>
    internal List<ContenderResult> Run(
        BenchmarkPlan plan, Action<Contender> beforeRun, CancellationToken cancellation)
    {
        Dictionary<Contender, List<Measurement>> measured =
            contenders.ToDictionary(c => c, _ => new List<Measurement>());
        Dictionary<Contender, string> failures = [];
        for (int round = 0; round < plan.Warmup + plan.Runs; round++)
        {
            foreach (Contender contender in Order(round).Where(c => !failures.ContainsKey(c)))
            {
                beforeRun(contender);
                try
                {
                    Measurement measurement = launch(contender, cancellation);
                    if (round >= plan.Warmup)
                    {
                        measured[contender].Add(measurement);
                    }
                }
                catch (RunFailedException e)
                {
                    failures[contender] = e.Message;
                }

                cancellation.ThrowIfCancellationRequested();
            }
        }

        return
        [
            .. contenders.Select(c => failures.TryGetValue(c, out string? failure)
                ? ContenderResult.Failed(c, failure)
                : ContenderResult.Of(c, measured[c])),
        ];
    }

    private IEnumerable<Contender> Order(int round) =>
        Enumerable.Range(0, contenders.Count).Select(i => contenders[(i + round) % contenders.Count]);
}
