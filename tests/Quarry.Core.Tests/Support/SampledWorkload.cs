using System;
using System.Collections.Generic;

namespace Quarry.Core.Tests;

/// <summary>Random calls of several threads on a sampled heap, with the true sums of their blocks.</summary>
internal sealed unsafe class SampledWorkload : IDisposable
{
    private const int Threads = 3;

    private readonly HeapFixture _heap = new((nuint)1 << 30);
    private readonly SampleRecorder _recorder;
    private readonly Random _random;
    private readonly nuint _interval;
    private readonly int _largest;
    private readonly ThreadHeap*[] _threads = new ThreadHeap*[Threads];
    private readonly List<Truth> _live = [];
    private readonly List<nuint> _before = [];
    private double _bytes;
    private double _variance;

    internal SampledWorkload(int seed, nuint interval, int largest)
    {
        _recorder = new SampleRecorder(interval);
        _random = new Random(seed);
        _interval = interval;
        _largest = largest;
        _heap.State->SampleSeed = 1 + ((nuint)seed * 1_000_003);
        for (int index = 0; index < Threads; index++)
        {
            StartThread(index);
        }
    }

    public void Dispose()
    {
        _heap.Dispose();
        _recorder.Dispose();
    }

    /// <summary>
    /// Acquires a thread heap with an unknown ID: that of an ended thread would be reclaimed by the next one.
    /// </summary>
    internal static ThreadHeap* AcquireUnknown(HeapState* heap)
    {
        ThreadHeap* thread = ThreadLifetime.Acquire(heap, int.MaxValue - 1);
        _ = ThreadOwnership.TryClaim(thread, thread->User, ThreadOwnership.Unknown);
        return thread;
    }

    /// <summary>Allocates and frees until enough samples are expected.</summary>
    internal void Run()
    {
        SwitchOn();
        double enough = Math.Max(30.0 * _interval, 20.0 * _largest);
        double threadEnds = enough / 20;
        while (_bytes < enough)
        {
            if (_live.Count > 0 && _random.Next(6) == 0)
            {
                Reallocate();
            }
            else
            {
                Allocate();
            }

            if (_live.Count > 0 && _random.Next(20) < 11)
            {
                Free(_random.Next(_live.Count));
            }

            if (_bytes > threadEnds)
            {
                threadEnds += enough / 20;
                RestartThread();
            }
        }
    }

    /// <summary>The errors of the estimates, in standard deviations.</summary>
    internal (double Total, double Live) Errors()
    {
        double live = 0, variance = 0;
        foreach (Truth block in _live)
        {
            live += block.Usable;
            variance += VarianceOf(block.Usable, block.Drawn);
        }

        return ((_recorder.TotalBytes - _bytes) / Math.Sqrt(_variance),
            (_recorder.LiveBytes - live) / Math.Sqrt(variance));
    }

    // Blocks from before are not estimated, nor are those that each thread allocates before it follows.
    private void SwitchOn()
    {
        for (int count = 0; count < 500; count++)
        {
            _before.Add((nuint)Frontend.Allocate(Size(), Thread()));
        }

        HeapState.SetSampler(_heap.State, _recorder.Sampler);
        foreach (ThreadHeap* thread in _threads)
        {
            HeapUpkeep.Settle(thread);
        }

        _before.ForEach(block => Frontend.Free((void*)block, Thread()));
    }

    private void RestartThread()
    {
        int index = _random.Next(Threads);
        ThreadLifetime.Retire(_threads[index]);
        StartThread(index);
    }

    private void StartThread(int index) => _threads[index] = AcquireUnknown(_heap.State);

    private void Allocate()
    {
        nuint size = Size();
        nuint alignment = (nuint)16 << _random.Next(5);
        void* block = _random.Next(4) switch
        {
            0 => Frontend.AllocateZeroed(size, 16, Thread()),
            1 => Frontend.AllocateAligned(size, alignment, Thread()),
            _ => Frontend.Allocate(size, Thread()),
        };
        Add((nuint)block);
    }

    private void Reallocate()
    {
        int index = _random.Next(_live.Count);
        Truth old = _live[index];
        nuint allocations = _heap.State->Backend.Large->Allocations;
        nuint block = (nuint)Frontend.Reallocate((void*)old.Address, Size(), Thread());
        nuint usable = Frontend.UsableSize(_heap.State, (void*)block);
        bool isSame = block == old.Address || (old.Usable > 65_536 && usable > 65_536);
        if (!isSame || _heap.State->Backend.Large->Allocations != allocations)
        {
            RemoveAt(index);
            Add(block);
            return;
        }

        nuint grown = usable > old.Usable ? usable - old.Usable : 0;
        nuint drawn = old.Drawn + grown;
        _bytes += grown;
        _variance += VarianceOf(drawn, drawn) - VarianceOf(old.Drawn, old.Drawn);
        _live[index] = new Truth(block, usable, drawn);
    }

    private void Add(nuint block)
    {
        nuint usable = Frontend.UsableSize(_heap.State, (void*)block);
        _bytes += usable;
        _variance += VarianceOf(usable, usable);
        _live.Add(new Truth(block, usable, usable));
    }

    private void Free(int index)
    {
        Frontend.Free((void*)_live[index].Address, Thread());
        RemoveAt(index);
    }

    private void RemoveAt(int index)
    {
        _live[index] = _live[^1];
        _live.RemoveAt(_live.Count - 1);
    }

    // Large blocks are rarer than small ones.
    private nuint Size() => _largest > 65_536
        ? (nuint)Math.Exp(_random.NextDouble() * Math.Log(_largest))
        : (nuint)_random.Next(1, _largest + 1);

    private ThreadHeap* Thread() => _threads[_random.Next(Threads)];

    private double VarianceOf(nuint bytes, nuint drawn)
    {
        double probability = SampleRecorder.Probability(drawn, _interval);
        return (double)bytes * bytes * (1 - probability) / probability;
    }

    private readonly record struct Truth(nuint Address, nuint Usable, nuint Drawn);
}
