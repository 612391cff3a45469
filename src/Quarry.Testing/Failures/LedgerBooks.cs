using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Quarry.Testing;

/// <summary>The books of a <see cref="Ledger"/>.</summary>
internal sealed unsafe class LedgerBooks
{
    private const int MostNamed = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<nuint, Layout> _blocks = [];
    private readonly List<nuint> _foreign = [];

    internal Heap Heap { get; } = new();

    /// <summary>Writes down a block, unless it is null.</summary>
    internal void* Enter(void* block, Layout layout)
    {
        if (block != null)
        {
            lock (_lock)
            {
                _blocks[(nuint)block] = layout;
            }
        }

        return block;
    }

    /// <summary>Strikes out a block; false, and noted, if it is not in use.</summary>
    internal bool TryStrike(void* block)
    {
        lock (_lock)
        {
            bool found = _blocks.Remove((nuint)block);
            if (!found)
            {
                _foreign.Add((nuint)block);
            }

            return found;
        }
    }

    /// <summary>What is wrong, in words; null if nothing is.</summary>
    internal string? Verdict()
    {
        lock (_lock)
        {
            if (_foreign.Count > 0)
            {
                return $"0x{_foreign[0]:x} was given back though it was not in use";
            }

            IEnumerable<string> named = _blocks.Values.Take(MostNamed).Select(layout => layout.ToString());
            string more = _blocks.Count > MostNamed ? $", and {_blocks.Count - MostNamed} more" : "";
            return _blocks.Count == 0 ? null : $"leaked {string.Join("; ", named)}{more}";
        }
    }
}
