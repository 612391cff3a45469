using System;
using Quarry;

namespace LeakTest;

/// <summary>Sessions of users. With a mistake, on request: one that is replaced keeps its items.</summary>
internal sealed class Sessions<TAllocator>(TAllocator allocator, bool frees) : IDisposable
    where TAllocator : unmanaged, IAllocator
{
    private readonly NativeDictionary<int, NativeList<int, TAllocator>, TAllocator> _all = new(allocator);

    internal void Begin(int user)
    {
        ref NativeList<int, TAllocator> items = ref _all.GetValueRefOrAddDefault(user, out bool exists);
        if (exists && frees)
        {
            items.Dispose();
        }

        items = new NativeList<int, TAllocator>(allocator) { user };
    }

    public void Dispose()
    {
        foreach ((_, NativeList<int, TAllocator> items) in _all)
        {
            items.Dispose();
        }

        _all.Dispose();
    }
}
