using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using System.Threading;

namespace Quarry.ManagedBench;

/// <summary>The workloads. Each runs in a process of its own.</summary>
internal static class Workloads
{
    private static object? s_kept;

    internal static IReadOnlyDictionary<string, Action> All { get; } = new Dictionary<string, Action>
    {
        ["start"] = () => Console.WriteLine("Hello, world"),
        ["compile"] = Compile,
        ["list"] = List,
        ["dictionary"] = Dictionary,
        ["trees"] = Trees,
        ["json"] = Json,
        ["threads"] = Threads,
        ["garbage"] = Garbage,
        ["cache"] = Cache,
        ["sizes"] = Sizes,
        ["parallel"] = Parallel,
    };

    /// <summary>The C# compiler on 400 classes: mostly start-up, and trees that stay alive.</summary>
    private static void Compile()
    {
        string root = Path.GetFullPath(Path.Combine(
            Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        string compiler = Path.Combine(
            Directory.GetDirectories(Path.Combine(root, "sdk")).Order().Last(), "Roslyn/bincore/csc.dll");
        string folder = Directory.CreateTempSubdirectory("quarry-bench-").FullName;
        string source = Path.Combine(folder, "source.cs");
        File.WriteAllLines(source, Enumerable.Range(0, 400).Select(number =>
            $"public class C{number} {{"
            + $" public int F(int[] a) {{ int s = {number}; foreach (int x in a) s += x; return s; }}"
            + $" public object G() => new {{ X = {number}, Y = \"{number:x}\" }}; }}"));
        string[] arguments =
        [
            "-nologo", "-target:library", "-noconfig", "-nostdlib", $"-r:{typeof(object).Assembly.Location}",
            $"-out:{Path.Combine(folder, "out.dll")}", source,
        ];
        object result = Assembly.LoadFrom(compiler).EntryPoint!.Invoke(null, [arguments])!;
        Directory.Delete(folder, recursive: true);
        Environment.Exit((int)result);
    }

    /// <summary>10 million nodes that stay alive: a collector copies and marks them repeatedly.</summary>
    private static void List()
    {
        Node? first = null;
        for (int count = 0; count < 10_000_000; count++)
        {
            first = new Node { Left = first };
        }

        s_kept = first;
    }

    /// <summary>A million keys and values that stay alive, among strings that do not.</summary>
    private static void Dictionary()
    {
        Dictionary<string, object> dictionary = [];
        for (int number = 0; number < 1_000_000; number++)
        {
            dictionary[$"key {number}"] = number;
        }

        s_kept = dictionary;
    }

    /// <summary>Short-lived trees next to one that stays alive.</summary>
    private static void Trees()
    {
        s_kept = Tree(20);
        int nodes = 0;
        for (int round = 0; round < 200; round++)
        {
            nodes += Tree(14).Count;
        }

        Console.WriteLine(nodes);
    }

    /// <summary>Serialization and deserialization, which leave garbage only.</summary>
    private static void Json()
    {
        Dictionary<string, int[]> value = Enumerable.Range(0, 50)
            .ToDictionary(number => $"name {number}", number => Enumerable.Range(number, 40).ToArray());
        for (int round = 0; round < 3000; round++)
        {
            s_kept = JsonSerializer.Deserialize<Dictionary<string, int[]>>(JsonSerializer.Serialize(value));
        }
    }

    /// <summary>2000 threads, one after the other, that allocate little.</summary>
    private static void Threads()
    {
        for (int round = 0; round < 2000; round++)
        {
            Thread thread = new(static () =>
            {
                for (int count = 0; count < 20; count++)
                {
                    GC.KeepAlive(new byte[100]);
                }
            });
            thread.Start();
            thread.Join();
        }
    }

    /// <summary>
    /// 50 million objects of which one is alive at a time: the best case of a collector, the worst of an
    /// allocate-only heap.
    /// </summary>
    private static void Garbage()
    {
        for (int count = 0; count < 50_000_000; count++)
        {
            s_kept = new object();
        }
    }

    /// <summary>A large cache of small objects in which random entries are replaced.</summary>
    private static void Cache()
    {
        Random random = new(1);
        Entry[] entries = [.. Enumerable.Range(0, 500_000).Select(Entry.Create)];
        for (int round = 0; round < 5_000_000; round++)
        {
            entries[random.Next(entries.Length)] = Entry.Create(round);
        }

        s_kept = entries;
    }

    /// <summary>
    /// Arrays of many sizes, of which random ones are replaced: hard for a collector that does not move
    /// objects.
    /// </summary>
    private static void Sizes()
    {
        Random random = new(1);
        byte[][] arrays = new byte[20_000][];
        for (int round = 0; round < 1_000_000; round++)
        {
            int largest = 16 << random.Next(10);
            arrays[random.Next(arrays.Length)] = new byte[random.Next(largest)];
        }

        s_kept = arrays;
    }

    /// <summary>Four threads that build trees, and keep one each.</summary>
    private static void Parallel()
    {
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            Node kept = Tree(17);
            for (int round = 0; round < 100; round++)
            {
                GC.KeepAlive(Tree(13));
            }

            GC.KeepAlive(kept);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    private static Node Tree(int depth) => depth == 0
        ? new Node()
        : new Node { Left = Tree(depth - 1), Right = Tree(depth - 1) };

    private sealed class Node
    {
        internal Node? Left { get; init; }

        internal Node? Right { get; init; }

        internal int Count => 1 + (Left?.Count ?? 0) + (Right?.Count ?? 0);
    }

    private sealed record Entry(string Key, byte[] Value)
    {
        internal static Entry Create(int number) => new($"key {number}", new byte[32 + (number % 64)]);
    }
}
