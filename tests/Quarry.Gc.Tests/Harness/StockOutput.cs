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
}
