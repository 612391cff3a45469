using System.Collections.Generic;
using System.Linq;
using Quarry.Probe;
using Quarry.Tools.Benchmarking;

namespace Quarry.Cli.BeforeMain;

/// <summary>Measures languages, with a process for each run of each construct.</summary>
/// <param name="runner">Builds and runs the programs.</param>
/// <param name="runs">The number of runs of each program.</param>
internal sealed class Survey(ProbeRunner runner, int runs)
{
    /// <summary>The statistics of the block of a mark, which are part of those after it.</summary>
    private static readonly AllocationStatistics s_mark = new(Mark.Size, 1, 0, 0, 0);

    private readonly List<LanguageResult> _measured = [];
    private readonly List<SkippedLanguage> _skipped = [];

    internal IReadOnlyList<LanguageResult> Measured => _measured;

    internal IReadOnlyList<SkippedLanguage> Skipped => _skipped;

    /// <summary>Measures a language, or records the reason for skipping it.</summary>
    internal void Add(Language language)
    {
        if (language.FindTool() is not { } tool)
        {
            Skip(language, language.MissingTools, failed: false);
            return;
        }

        try
        {
            _measured.Add(Measure(language, language.Prepare(tool, runner)));
        }
        catch (RunFailedException e)
        {
            Skip(language, e.Message, failed: true);
        }
    }

    private void Skip(Language language, string reason, bool failed) =>
        _skipped.Add(new SkippedLanguage(language.Name, language.Title, reason, failed));

    private LanguageResult Measure(Language language, ProbeProgram probe) => new(
        language.Name,
        language.Title,
        probe.Tool,
        Quantities.Of([.. Repeat(probe, construct: null, marks: 1).Select(m => m[0])]),
        CountObjects(probe),
        [.. probe.Constructs.Select((code, number) => Measure(probe, code, number))]);

    private Quantity? CountObjects(ProbeProgram probe)
    {
        long?[] counts = [.. Enumerable.Range(0, runs).Select(_ => probe.CountObjects?.Invoke())];
        return counts.All(c => c is not null) ? Quantity.Of(counts.Select(c => c!.Value)) : null;
    }

    private ConstructResult Measure(ProbeProgram probe, string code, int number)
    {
        // Marks: at main, and before and after each of two uses.
        AllocationStatistics[][] all = Repeat(probe, number, marks: 5);
        return new ConstructResult(code,
            Quantities.Of([.. all.Select(m => m[2] - m[1] - s_mark)]),
            Quantities.Of([.. all.Select(m => m[4] - m[3] - s_mark)]));
    }

    private AllocationStatistics[][] Repeat(ProbeProgram probe, int? construct, int marks)
    {
        AllocationStatistics[][] all =
            [.. Enumerable.Range(0, runs).Select(_ => runner.Count(probe, construct))];
        return all.All(m => m.Length == marks)
            ? all
            : throw new RunFailedException(
                "its programs do not use the preloaded malloc; are they linked statically?");
    }
}
