using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Blocks;

/// <summary>A binary tree of a million nodes: built, summed up and dropped.</summary>
[MemoryDiagnoser]
public unsafe class TreeBenchmarks
{
    private Arena _kept;

    /// <summary>Levels of the tree.</summary>
    [Params(20)]
    public int Depth { get; set; }

    [GlobalSetup]
    public void Setup() => _kept = new Arena();

    [GlobalCleanup]
    public void Cleanup() => _kept.Dispose();

    /// <summary>Dropped for the garbage collector to find out.</summary>
    [Benchmark(Baseline = true)]
    public long Objects() => BuildObjects(Depth).Sum();

    /// <summary>All memory comes from the system, and goes back.</summary>
    [Benchmark]
    public long NewArena()
    {
        using Arena arena = new();
        return Node.Sum(Build(arena, Depth));
    }

    /// <summary>The arena keeps its chunks, as one does that is used again.</summary>
    [Benchmark]
    public long KeptArena()
    {
        long sum = Node.Sum(Build(_kept, Depth));
        _kept.Reset();
        return sum;
    }

    private static ObjectNode BuildObjects(int depth) => depth == 1
        ? new ObjectNode { Value = depth }
        : new ObjectNode
        {
            Value = depth,
            Left = BuildObjects(depth - 1),
            Right = BuildObjects(depth - 1),
        };

    private static Node* Build(Arena arena, int depth)
    {
        Node* node = arena.New(new Node { Value = depth });
        if (depth > 1)
        {
            node->Left = Build(arena, depth - 1);
            node->Right = Build(arena, depth - 1);
        }

        return node;
    }

    private sealed class ObjectNode
    {
        public ObjectNode? Left;
        public ObjectNode? Right;
        public long Value;

        public long Sum() => Value + (Left?.Sum() ?? 0) + (Right?.Sum() ?? 0);
    }

    private struct Node
    {
        public Node* Left;
        public Node* Right;
        public long Value;

        public static long Sum(Node* node) =>
            node == null ? 0 : node->Value + Sum(node->Left) + Sum(node->Right);
    }
}
