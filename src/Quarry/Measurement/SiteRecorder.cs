using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry;

/// <summary>The blocks that a source serves during a section, by the stacks that allocated them.</summary>
/// <remarks>
/// Thread-safe, by a lock. Blocks from before the section are unknown and ignored. A resized block stays with
/// the stack that allocated it. If a block moves while another thread is served its old address, that
/// thread's block may become unknown.
/// </remarks>
internal sealed class SiteRecorder
{
    private readonly Lock _lock = new();
    private readonly Dictionary<nuint, Block> _live = [];
    private readonly Dictionary<nuint, Figures> _sites = [];

    internal void Allocated(nuint address, nuint size, nuint site)
    {
        lock (_lock)
        {
            _live[address] = new Block(site, size);
            ref Figures figures = ref FiguresOf(site);
            figures.Allocations++;
            figures.Bytes += (long)size;
        }
    }

    internal void Resized(nuint address, nuint newAddress, nuint newSize)
    {
        lock (_lock)
        {
            if (_live.Remove(address, out Block block))
            {
                _live[newAddress] = block with { Size = newSize };
                FiguresOf(block.Site).Bytes += newSize > block.Size ? (long)(newSize - block.Size) : 0;
            }
        }
    }

    internal void Freed(nuint address)
    {
        lock (_lock)
        {
            _ = _live.Remove(address);
        }
    }

    internal void FreedAll()
    {
        lock (_lock)
        {
            _live.Clear();
        }
    }

    /// <summary>Returns the sites, by descending bytes in use, then by descending bytes allocated.</summary>
    internal IReadOnlyList<NativeSite> GetSites()
    {
        lock (_lock)
        {
            ILookup<nuint, nuint> left = _live.Values.ToLookup(block => block.Site, block => block.Size);
            return
            [
                .. from site in _sites
                   let stack = AllocationSite.Of(site.Key)
                   where stack != null
                   let leftBytes = left[site.Key].Sum(size => (long)size)
                   orderby leftBytes descending, site.Value.Bytes descending
                   select new NativeSite
                   {
                       Site = stack!,
                       Allocations = site.Value.Allocations,
                       AllocatedBytes = site.Value.Bytes,
                       LeftBlocks = left[site.Key].Count(),
                       LeftBytes = leftBytes,
                   },
            ];
        }
    }

    private ref Figures FiguresOf(nuint site) =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(_sites, site, out _);

    private readonly record struct Block(nuint Site, nuint Size);

    private struct Figures
    {
        public long Allocations;
        public long Bytes;
    }
}
