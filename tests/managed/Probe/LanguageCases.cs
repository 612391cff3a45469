using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Quarry.Gc.Probe;

/// <summary>Ordinary programs.</summary>
internal static class LanguageCases
{
    private static int s_calls;

    internal static void Exceptions()
    {
        int caught = 0, filtered = 0, cleaned = 0;
        for (int round = 0; round < 500; round++)
        {
            try
            {
                try
                {
                    Deep(round % 20);
                }
                finally
                {
                    cleaned++;
                }
            }
            catch (InvalidOperationException exception) when (exception.Message.Length % 2 == 0)
            {
                filtered++;
            }
            catch (InvalidOperationException exception)
            {
                Check.That(exception.StackTrace!.Contains(nameof(Deep), StringComparison.Ordinal));
                caught++;
            }
        }

        string? text = null;
        Check.Throws<NullReferenceException>(() => _ = text!.Length);
        Check.Throws<IndexOutOfRangeException>(() => _ = Array.Empty<int>()[caught]);
        Check.Throws<InvalidCastException>(() => _ = (string)(object)caught);
        Console.WriteLine($"{caught} {filtered} {cleaned}");
    }

    internal static void Linq()
    {
        var groups = Enumerable.Range(0, 20_000)
            .Select(number => (Number: number, Text: $"{number:x}"))
            .GroupBy(pair => pair.Text.Length)
            .OrderByDescending(group => group.Key)
            .Select(group => (group.Key, Count: group.Count(), Sum: group.Sum(pair => pair.Number)));
        Console.WriteLine(string.Join('\n', groups));
        Dictionary<string, List<int>> index = [];
        foreach (int number in Enumerable.Range(0, 50_000))
        {
            string key = (number % 997).ToString("d");
            if (!index.TryGetValue(key, out List<int>? list))
            {
                index[key] = list = [];
            }

            list.Add(number);
        }

        Console.WriteLine(index.Sum(pair => pair.Value.Count) + index.Count);
    }

    internal static void Json()
    {
        Order[] orders = [.. Enumerable.Range(0, 200).Select(number => new Order(
            number, $"customer {number % 13}", [.. Enumerable.Range(1, (number % 5) + 1)],
            new Dictionary<string, double> { ["price"] = number / 4.0 }))];
        string text = JsonSerializer.Serialize(orders);
        Order[] copies = JsonSerializer.Deserialize<Order[]>(text)!;
        Console.WriteLine(
            $"{text.Length} {copies.Sum(order => order.Items.Sum())} "
            + $"{text == JsonSerializer.Serialize(copies)}");
        using JsonDocument document = JsonDocument.Parse(text);
        Console.WriteLine(
            document.RootElement.EnumerateArray().Sum(order => order.GetProperty("Id").GetInt32()));
    }

    internal static void CompiledRegex()
    {
        Regex words = new(@"(?<first>\w)\w*(?:-(?<second>\d+))?", RegexOptions.Compiled);
        string text = string.Join(
            ' ', Enumerable.Range(0, 2000).Select(number => $"word{number % 7}-{number}"));
        MatchCollection matches = words.Matches(text);
        Console.WriteLine(
            $"{matches.Count} {matches.Sum(match => int.Parse(match.Groups["second"].Value, null))}");
        Console.WriteLine(words.Replace("one-1 two-2", "${second}${first}"));
    }

    /// <summary>The runtime allocates literals outside the heap.</summary>
    internal static void FrozenStrings()
    {
        const string Literal = "a literal of this program";
        StringBuilder built = new();
        foreach (char letter in Literal)
        {
            built.Append(letter);
        }

        string copy = built.ToString();
        Console.WriteLine(
            $"{ReferenceEquals(copy, Literal)} {ReferenceEquals(string.Intern(copy), Literal)}");
        Console.WriteLine(ReferenceEquals(typeof(Order), new Order(0, "", [], []).GetType()));
        Check.That(GC.GetGeneration(Literal) >= 0);
        Console.WriteLine(string.IsInterned(copy + copy) is null);
    }

    internal static void Arrays()
    {
        object[] covariant = new string[3];
        covariant[0] = "text";
        Check.Throws<ArrayTypeMismatchException>(() => covariant[1] = new object());
        object[] objects = new object[1000];
        string[] strings = [.. Enumerable.Range(0, 1000).Select(number => $"{number}")];
        Array.Copy(strings, objects, strings.Length);
        Array.Copy(objects, 0, objects, 1, 999);
        Console.WriteLine(string.Join(' ', objects.Take(5)) + (string)objects[^1]);
        int[,] grid = new int[100, 200];
        grid[99, 199] = 5;
        string[][] jagged = [.. Enumerable.Range(0, 100).Select(length => new string[length])];
        Console.WriteLine(grid.Cast<int>().Sum() + jagged.Sum(row => row.Length));
        byte[] raw = GC.AllocateUninitializedArray<byte>(10_000);
        byte[] pinned = GC.AllocateArray<byte>(10_000, pinned: true);
        Check.That(raw.Length == pinned.Length && !pinned.AsSpan().ContainsAnyExcept((byte)0));
    }

    internal static void ArraysOfStructures()
    {
        KeyValuePair<string, object>[] pairs = new KeyValuePair<string, object>[5000];
        for (int index = 0; index < pairs.Length; index++)
        {
            pairs[index] = new KeyValuePair<string, object>($"{index}", index);
        }

        Array.Reverse(pairs);
        GC.Collect();
        Console.WriteLine($"{pairs[0]} {pairs.Sum(pair => (int)pair.Value)}");
    }

    internal static void HugeArrays()
    {
        byte[] bytes = new byte[200_000_000];
        long[][] longs = [.. Enumerable.Range(1, 10).Select(size => new long[size * 100_000])];
        for (int at = 0; at < bytes.Length; at += 4096)
        {
            Check.That(bytes[at] == 0);
        }

        bytes[^1] = 1;
        longs[9][^1] = 2;
        Console.WriteLine(bytes[^1] + longs[9][^1] + longs.Sum(array => (long)array.Length));
    }

    private static int Deep(int depth) => depth == 0
        ? throw new InvalidOperationException(new string('x', s_calls++ % 2))
        : Deep(depth - 1) + 1;

    internal sealed record Order(int Id, string Customer, int[] Items, Dictionary<string, double> Prices);
}
