using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace Quarry.Probe;

/// <summary>The constructs of C# that are measured.</summary>
internal static class Constructs
{
    private static readonly int s_number = 1000;
    private static readonly string s_text = "text";
    private static readonly int[] s_numbers = [.. Enumerable.Range(0, 100)];

    internal static Construct[] All { get; } =
    [
        Construct.Of(() => Console.WriteLine()),
        Construct.Of(() => Console.Write(s_number)),
        Construct.Of(() => Console.Error.Write("hello")),
        Construct.Of(() => new object()),
        Construct.Of(() => (object)s_number),
        Construct.Of(() => s_number.ToString()),
        Construct.Of(() => s_text + s_text),
        Construct.Of(() => $"{s_number} and {s_text}"),
        Construct.Of(() => string.Format("{0} and {1}", s_number, s_text)),
        Construct.Of(() => new int[100]),
        Construct.Of(() => new List<int> { 1, 2, 3 }),
        Construct.Of(() => new Dictionary<int, int> { [1] = 1 }),
        Construct.Of(() => (Func<int, int>)(n => n + 1)),
        Construct.Of(() => Capture(s_number)),
        Construct.Of(() => Count(s_numbers)),
        Construct.Of(() => s_numbers.Where(n => n > 50).Sum()),
        Construct.Of(() => s_numbers.Select(n => n * 2).ToArray()),
        Construct.Of(() => Task.Run(() => { }).Wait()),
        Construct.Of(() => Yield().Wait()),
        Construct.Of(() => Start(new Thread(() => { }))),
        Construct.Of(() => File.OpenRead("/etc/passwd").Dispose()),
        Construct.Of(() => File.ReadAllText("/proc/self/comm")),
        Construct.Of(() => Catch()),
        Construct.Of(() => DateTime.UtcNow.ToString("o")),
        Construct.Of(() => new Regex("a+b").IsMatch("aab")),
        Construct.Of(() => JsonSerializer.Serialize(s_numbers)),
        Construct.Of(() => GC.Collect()),
    ];

    private static Func<int> Capture(int number) => () => number;

    private static int Count(IEnumerable<int> numbers)
    {
        int count = 0;
        foreach (int _ in numbers)
        {
            count++;
        }

        return count;
    }

    private static async Task Yield() => await Task.Yield();

    private static void Start(Thread thread)
    {
        thread.Start();
        thread.Join();
    }

    private static void Catch()
    {
        try
        {
            throw new InvalidOperationException();
        }
        catch (InvalidOperationException)
        {
            // Throwing and catching is all that is measured.
        }
    }
}
