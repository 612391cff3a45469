using System.Collections.Concurrent;
using Xunit;

namespace Quarry.Gc.Tests.Harness;

/// <summary>What the cases of the probe print on the stock collector; each is run once.</summary>
internal static class StockOutput
{
    private static readonly ConcurrentDictionary<string, string> s_outputs = [];

    internal static string Of(params string[] arguments) =>
        s_outputs.GetOrAdd(string.Join(' ', arguments), static (_, words) =>
        {
            string output = Run.Stock(words).Start().Clean().Output;
            Assert.NotEqual("", output);
            return output;
        }, arguments);

    /// <summary>The live objects of random graphs: a line for each.</summary>
    internal static string OfGraphs(string seed, string count)
    {
        string output = Of("graphs", seed, count);
        Assert.Equal(int.Parse(count, null), output.Split('\n').Length - 1);
        return output;
    }
}
