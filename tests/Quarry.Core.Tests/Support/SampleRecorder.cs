using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry.Core.Tests;

/// <summary>A sampler that records blocks, and estimates the bytes that they stand for.</summary>
internal sealed unsafe class SampleRecorder : IDisposable
{
    private readonly State* _state;

    internal SampleRecorder(nuint interval)
    {
        _state = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));
        Interval = interval;
    }

    /// <summary>The interval. Install the sampler again after a change.</summary>
    internal nuint Interval
    {
        get => _state->Sampler.Interval;
        set => _state->Sampler = new HeapSampler(value, &OnSampled, &OnResized, &OnFreed);
    }

    /// <summary>Whether blocks are refused a record.</summary>
    internal bool Refuses
    {
        get => _state->Refuses;
        set => _state->Refuses = value;
    }

    internal HeapSampler* Sampler => &_state->Sampler;

    internal int Sampled => _state->Sampled;

    internal int Resized => _state->Resized;

    internal int Freed => _state->Freed;

    internal int Live => _state->Sampled - _state->Freed;

    /// <summary>The address, the size requested and the usable size of the block reported last.</summary>
    internal (nuint Block, nuint Size, nuint Usable) Last =>
        (_state->Last.Block, _state->Last.Size, _state->Last.Usable);

    /// <summary>The estimate of all bytes ever allocated, growth in place included.</summary>
    internal double TotalBytes => _state->TotalBytes;

    /// <summary>The estimate of the bytes in use.</summary>
    internal double LiveBytes => _state->LiveBytes;

    public void Dispose() => NativeMemory.Free(_state);

    /// <summary>The probability that one of some bytes is chosen.</summary>
    internal static double Probability(nuint bytes, nuint interval) =>
        -double.ExpM1(-((double)bytes / interval));

    private static void* OnSampled(HeapSampler* sampler, void* block, nuint size, nuint usable)
    {
        State* state = (State*)sampler;
        state->Last = new Record
        {
            Block = (nuint)block,
            Size = size,
            Usable = usable,
            Drawn = usable,
            Interval = sampler->Interval,
        };
        if (state->Refuses)
        {
            return null;
        }

        _ = Interlocked.Increment(ref state->Sampled);
        Record* record = (Record*)NativeMemory.Alloc((nuint)sizeof(Record));
        *record = state->Last;
        Add(state, record, 1);
        return record;
    }

    private static void OnResized(HeapSampler* sampler, void* record, nuint size, nuint usable)
    {
        State* state = (State*)sampler;
        Record* resized = (Record*)record;
        _ = Interlocked.Increment(ref state->Resized);
        Add(state, resized, -1);
        resized->Drawn += usable > resized->Usable ? usable - resized->Usable : 0;
        resized->Usable = usable;
        resized->Size = size;
        state->Last = *resized;
        Add(state, resized, 1);
    }

    private static void OnFreed(HeapSampler* sampler, void* record)
    {
        State* state = (State*)sampler;
        Record* freed = (Record*)record;
        _ = Interlocked.Increment(ref state->Freed);
        AddTo(ref state->LiveBytes, -(double)freed->Usable / Probability(freed->Drawn, freed->Interval));
        NativeMemory.Free(record);
    }

    private static void Add(State* state, Record* record, int sign)
    {
        double blocks = sign / Probability(record->Drawn, record->Interval);
        AddTo(ref state->TotalBytes, record->Drawn * blocks);
        AddTo(ref state->LiveBytes, record->Usable * blocks);
    }

    private static void AddTo(ref double sum, double value)
    {
        double seen = sum;
        for (; ; )
        {
            double replaced = Interlocked.CompareExchange(ref sum, seen + value, seen);
            if (replaced.Equals(seen))
            {
                return;
            }

            seen = replaced;
        }
    }

    private struct State
    {
        public HeapSampler Sampler;
        public int Sampled;
        public int Resized;
        public int Freed;
        public bool Refuses;
        public Record Last;
        public double TotalBytes;
        public double LiveBytes;
    }

    private struct Record
    {
        public nuint Block;
        public nuint Size;
        public nuint Usable;
        public nuint Drawn;
        public nuint Interval;
    }
}
