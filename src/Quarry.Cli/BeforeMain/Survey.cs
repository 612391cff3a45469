using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Benchmarking;
using Quarry.Probe;

namespace Quarry.Cli.BeforeMain;

/// <summary>Measures languages, each construct in processes of its own.</summary>
/// <param name="runner">Where programs are made and run.</param>
/// <param name="runs">How often each is.</param>
internal sealed class Survey(ProbeRunner runner, int runs)
{
    /// <summary>What the block of a mark adds to the figures after it.</summary>
    private static readonly Figures s_mark = new(Mark.Size, 1, 0, 0, 0);

    private readonly List<LanguageResult> _measured = [];
    private readonly List<LeftOut> _leftOut = [];

    internal IReadOnlyList<LanguageResult> Measured => _measured;

    internal IReadOnlyList<LeftOut> LeftOut => _leftOut;

    /// <summary>Measures a language, or notes why it is not.</summary>
    internal void Add(Language language)
    {
        if (language.FindTool() is not { } tool)
        {
            _leftOut.Add(new LeftOut(language.Name, language.Title, language.Missing, Failed: false));
            return;
        }

        try
        {
            _measured.Add(Measure(language, language.Prepare(tool, runner)));
        }
        catch (RunFailedException e)
        {
            _leftOut.Add(new LeftOut(language.Name, language.Title, e.Message, Failed: true));
        }
    }

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
        // Marks are at main, and around each of two uses.
        Figures[][] all = Repeat(probe, number, marks: 5);
        return new ConstructResult(code,
            Quantities.Of([.. all.Select(m => m[2] - m[1] - s_mark)]),
            Quantities.Of([.. all.Select(m => m[4] - m[3] - s_mark)]));
    }

    private Figures[][] Repeat(ProbeProgram probe, int? construct, int marks)
    {
        Figures[][] all = [.. Enumerable.Range(0, runs).Select(_ => runner.Count(probe, construct))];
        return all.All(m => m.Length == marks)
            ? all
            : throw new RunFailedException("its programs do not use the malloc they are started on");
    }
}
