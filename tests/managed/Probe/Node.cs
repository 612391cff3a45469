using System;
using System.Collections.Generic;

namespace Quarry.Gc.Probe;

/// <summary>An object of a random graph. The derived classes differ in where their references are.</summary>
internal abstract class Node(int number)
{
    internal int Number { get; } = number;

    /// <summary>Creates a node of a random shape.</summary>
    internal static Node Create(Random random, int number, Log log) => random.Next(14) switch
    {
        0 => new Leaf(number),
        1 or 2 => new Pair(number),
        3 => new Mixed(number),
        4 => new Many(number, random.Next(40)),
        5 => new Many(number, random.Next(20) == 0 ? 30_000 : 300),
        6 => new Structures(number, random.Next(30)),
        7 => new Structures(number, random.Next(20) == 0 ? 8_000 : 100),
        8 => new Grid(number, random.Next(1, 6)),
        9 => new Listed(number),
        10 => new Boxed(number),
        11 => new Finalized(number, log),
        12 => new Resurrected(number, log),
        _ => new Delegated(number),
    };

    /// <summary>Returns the node that one of the references refers to.</summary>
    internal virtual Node? Follow(int choice) => null;

    /// <summary>Stores a reference if there is room.</summary>
    internal virtual bool TryAdd(Node node) => false;

    /// <summary>Overwrites a reference.</summary>
    internal virtual void Replace(int choice, Node? node)
    {
    }

    /// <summary>Returns a number that depends on the contents, and fails if they are damaged.</summary>
    internal virtual long Sum(int number)
    {
        Check.That(Number == number);
        return Number;
    }

    private sealed class Leaf(int number) : Node(number);

    private class Pair(int number) : Node(number)
    {
        private Node? _left;
        private Node? _right;

        internal override Node? Follow(int choice) => (choice & 1) == 0 ? _left : _right;

        internal override bool TryAdd(Node node)
        {
            if (_left is null)
            {
                _left = node;
                return true;
            }

            _right ??= node;
            return _right == node;
        }

        internal override void Replace(int choice, Node? node)
        {
            if ((choice & 1) == 0)
            {
                _left = node;
            }
            else
            {
                _right = node;
            }
        }

        internal override long Sum(int number) =>
            base.Sum(number) + (3L * (_left?.Number ?? -1)) + (5L * (_right?.Number ?? -1));
    }

    // References between other fields, and an object of another type.
    private sealed class Mixed(int number) : Pair(number)
    {
        private readonly long _before = number;
        private readonly string _name = $"{number}";
        private readonly (int Number, object Text, double Value) _tuple = (number, $"x{number}", number);

        internal override long Sum(int number)
        {
            Check.That(_before == number && _name == $"{number}" && (string)_tuple.Text == $"x{number}");
            return base.Sum(number);
        }
    }

    private class Many(int number, int length) : Node(number)
    {
        private readonly Node?[] _nodes = new Node?[length];

        internal override Node? Follow(int choice) =>
            _nodes.Length == 0 ? null : _nodes[choice % _nodes.Length];

        internal override bool TryAdd(Node node)
        {
            int index = _nodes.Length == 0 ? -1 : (node.Number * 7919) % _nodes.Length;
            if (index < 0 || _nodes[index] is not null)
            {
                return false;
            }

            _nodes[index] = node;
            return true;
        }

        internal override void Replace(int choice, Node? node)
        {
            if (_nodes.Length > 0)
            {
                _nodes[choice % _nodes.Length] = node;
                _nodes.AsSpan(0, _nodes.Length / 2).CopyTo(_nodes.AsSpan(_nodes.Length / 2));
            }
        }

        internal override long Sum(int number)
        {
            long sum = base.Sum(number);
            for (int index = 0; index < _nodes.Length; index++)
            {
                sum += _nodes[index] is { } node ? (index + 1L) * node.Number : 0;
            }

            return sum;
        }
    }

    private sealed class Structures(int number, int length) : Node(number)
    {
        private readonly (int Index, Node? First, long Mark, Node? Second)[] _array =
            new (int, Node?, long, Node?)[length];

        internal override Node? Follow(int choice) => _array.Length == 0 ? null
            : (choice & 1) == 0 ? _array[choice % _array.Length].First
            : _array[choice % _array.Length].Second;

        internal override bool TryAdd(Node node)
        {
            if (_array.Length == 0 || _array[node.Number % _array.Length].Second is not null)
            {
                return false;
            }

            ref (int Index, Node? First, long Mark, Node? Second) element =
                ref _array[node.Number % _array.Length];
            element = (node.Number, element.First ?? node, ~node.Number, node);
            return true;
        }

        internal override void Replace(int choice, Node? node)
        {
            if (_array.Length > 0)
            {
                _array[choice % _array.Length].First = node;
            }
        }

        internal override long Sum(int number)
        {
            long sum = base.Sum(number);
            foreach ((int index, Node? first, long mark, Node? second) in _array)
            {
                Check.That(second is null || (index == second.Number && mark == ~index));
                sum += (first?.Number ?? 0) + (2L * (second?.Number ?? 0));
            }

            return sum;
        }
    }

    private sealed class Grid(int number, int size) : Node(number)
    {
        private readonly Node?[,] _grid = new Node?[size, size];

        internal override Node? Follow(int choice) => _grid[choice % size, choice / size % size];

        internal override bool TryAdd(Node node)
        {
            ref Node? place = ref _grid[node.Number % size, node.Number / size % size];
            place ??= node;
            return place == node;
        }

        internal override void Replace(int choice, Node? node) =>
            _grid[choice % size, choice / size % size] = node;
    }

    private sealed class Listed(int number) : Node(number)
    {
        private readonly List<Node> _list = [];
        private readonly Dictionary<int, Node> _nodes = [];

        internal override Node? Follow(int choice) => _list.Count == 0 ? null : _list[choice % _list.Count];

        internal override bool TryAdd(Node node)
        {
            _list.Add(node);
            return _nodes.TryAdd(node.Number, node);
        }

        internal override void Replace(int choice, Node? node)
        {
            if (_list.Count > 0)
            {
                _list.RemoveAt(choice % _list.Count);
            }
        }

        internal override long Sum(int number)
        {
            _list.ForEach(node => Check.That(_nodes[node.Number] == node));
            return base.Sum(number) + _list.Count;
        }
    }

    private sealed class Boxed(int number) : Node(number)
    {
        private object? _box;

        internal override Node? Follow(int choice) => _box is ValueTuple<int, Node> pair ? pair.Item2 : null;

        internal override bool TryAdd(Node node)
        {
            _box ??= (node.Number, node);
            return true;
        }

        internal override void Replace(int choice, Node? node) => _box = null;
    }

    private sealed class Delegated(int number) : Node(number)
    {
        private Func<Node>? _function;

        internal override Node? Follow(int choice) => _function?.Invoke();

        internal override bool TryAdd(Node node)
        {
            _function ??= () => node;
            return true;
        }

        internal override void Replace(int choice, Node? node) => _function = null;
    }

    private sealed class Finalized(int number, Log log) : Pair(number)
    {
        ~Finalized() => log.Finalize(Number, Sum(Number));
    }

    private sealed class Resurrected(int number, Log log) : Many(number, 10)
    {
        ~Resurrected() => log.Resurrect(this, Sum(Number));
    }
}
