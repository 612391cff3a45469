using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry.Gc.Probe;

/// <summary>
/// A random graph of objects of many shapes, with roots and weak references of every kind. The objects have
/// numbers, so that two collectors can be compared by which objects are alive.
/// </summary>
/// <remarks>
/// Everything is driven by the seed. Objects are dropped without allocating, and a full collection follows,
/// so that earlier collections, which happen at other times on each collector, make no difference to
/// finalizers.
/// </remarks>
internal sealed class RandomGraph(int seed)
{
    private const int Slots = 64;

    // Static, like the roots of programs.
    private static readonly Node?[] s_roots = new Node?[Slots];

    [ThreadStatic]
    private static Node?[]? s_threadRoots;

    private readonly Random _random = new(seed);
    private readonly List<GCHandle> _short = [];
    private readonly List<GCHandle> _long = [];
    private readonly List<DependentHandle> _dependents = [];
    private readonly List<GCHandle> _strong = [];
    private readonly ConditionalWeakTable<Node, Node> _table = [];
    private readonly List<Node> _loose = [];
    private readonly Log _log = new();

    /// <summary>Builds, changes and drops a graph, and returns what happened as one line.</summary>
    internal string Run(int rounds, int nodes)
    {
        s_threadRoots = new Node?[Slots];
        HashCode hash = new();
        for (int round = 0; round < rounds; round++)
        {
            Grow(nodes / rounds);
            MakeGarbage(2000);
            Drop();
            Collect();
            hash.Add(Describe());
        }

        Array.Clear(s_roots);
        s_threadRoots = null;
        string result = $"{seed}: {Stable(hash)} {Describe()}";
        _strong.ForEach(handle => handle.Free());
        _short.ForEach(handle => handle.Free());
        _long.ForEach(handle => handle.Free());
        _dependents.ForEach(handle => handle.Dispose());
        Collect();
        return result;
    }

    private static void Collect()
    {
        for (int round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Makes nodes, and adds them where there is room.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int count)
    {
        Node? last = null;
        for (int made = 0; made < count; made++)
        {
            Node node = Node.Create(_random, _short.Count, _log);
            _short.Add(GCHandle.Alloc(node, GCHandleType.Weak));
            _long.Add(GCHandle.Alloc(node, GCHandleType.WeakTrackResurrection));
            if (!TryAttach(node, last))
            {
                // Otherwise it would be dropped now, and finalized at a time that depends on the collector.
                _loose.Add(node);
            }

            Alive()?.TryAdd(node);
            last = node;
        }
    }

    /// <returns>False if there was no room for the node.</returns>
    private bool TryAttach(Node node, Node? last)
    {
        int slot = _random.Next(Slots);
        switch (_random.Next(16))
        {
            case 0 when s_roots[slot] is null:
                s_roots[slot] = node;
                return true;
            case 1 when s_threadRoots![slot] is null:
                s_threadRoots[slot] = node;
                return true;
            case 2:
                _strong.Add(GCHandle.Alloc(node));
                return true;
            case 3:
                _strong.Add(GCHandle.Alloc(new byte[100], GCHandleType.Pinned));
                return false;
            case 4 when Alive() is { } key:
                return _table.TryAdd(key, node);
            case 5 when Alive() is { } primary:
                _dependents.Add(new DependentHandle(primary, node));
                return true;
            case 6 when last is not null:
                _table.TryAdd(node, last);
                return false;
            default:
                return Alive() is { } holder && holder.TryAdd(node);
        }
    }

    /// <summary>Returns a random node that can be reached from the static roots.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Node? Alive()
    {
        Node? node = s_roots[_random.Next(Slots)];
        for (int steps = _random.Next(12); steps > 0 && node is not null; steps--)
        {
            node = node.Follow(_random.Next()) ?? node;
        }

        return node;
    }

    private void MakeGarbage(int count)
    {
        for (int made = 0; made < count; made++)
        {
            object garbage = _random.Next(100) == 0
                ? new byte[_random.Next(100_000)]
                : new object[_random.Next(40)];
            GC.KeepAlive(garbage);
        }
    }

    /// <summary>Removes roots, handles and references, without allocating.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Drop()
    {
        _loose.Clear();
        for (int dropped = 0; dropped < Slots / 4; dropped++)
        {
            Alive()?.Replace(_random.Next(), _random.Next(2) == 0 ? null : Alive());
            if (_random.Next(3) == 0)
            {
                s_roots[_random.Next(Slots)] = null;
                s_threadRoots![_random.Next(Slots)] = null;
            }

            if (_strong.Count > 0 && _random.Next(2) == 0)
            {
                _strong[^1].Free();
                _strong.RemoveAt(_strong.Count - 1);
            }
        }
    }

    /// <summary>Returns what is alive, by number, and what was finalized.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private string Describe()
    {
        HashCode weak = new(), dependent = new(), contents = new();
        int alive = 0;
        for (int number = 0; number < _short.Count; number++)
        {
            Node? node = (Node?)_short[number].Target;
            alive += node is null ? 0 : 1;
            weak.Add(node is null ? 0 : 1);
            weak.Add(_long[number].Target is null ? 0 : 1);
            contents.Add(node?.Sum(number) ?? 0);
        }

        _dependents.ForEach(handle => dependent.Add(
            (31L * ((handle.Target as Node)?.Number ?? -1)) + ((handle.Dependent as Node)?.Number ?? -1)));
        int entries = _table.Count();
        return $"{alive} alive {Stable(weak)} {Stable(dependent)} {Stable(contents)} {entries} {_log}";
    }

    private static string Stable(HashCode hash) => hash.Value;

    /// <summary>A hash that is the same in each process.</summary>
    private struct HashCode
    {
        private ulong _value;

        internal readonly string Value => $"{_value:x}";

        internal void Add(int number) => _value = ((_value ^ (uint)number) * 0x9E37_79B9_7F4A_7C15) + 1;

        internal void Add(long number)
        {
            Add((int)number);
            Add((int)(number >> 32));
        }

        internal void Add(string text)
        {
            foreach (char character in text)
            {
                Add(character);
            }
        }
    }
}
