using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests the random numbers that choose samples.</summary>
public sealed unsafe class SampleDrawTests : IDisposable
{
    private readonly HeapFixture _heap = new();

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void The_logarithm_is_accurate_for_all_fractions()
    {
        Random random = new(1);
        for (int round = 0; round < 100_000; round++)
        {
            ulong bits = (ulong)random.NextInt64(1, 1L << 53) >> random.Next(53);
            bits = bits == 0 ? 1 : bits;
            double expected = -Math.Log(bits / (double)(1L << 53));
            Assert.InRange(SampleDraw.NegativeLog(bits), expected - 1e-8, expected + 1e-8);
        }

        Assert.Equal(0, SampleDraw.NegativeLog(1ul << 53));
        Assert.Equal(53 * Math.Log(2), SampleDraw.NegativeLog(1), 1e-8);
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(4096, 16)]
    [InlineData(4096, 10_000)]
    [InlineData(524_288, 65_536)]
    public void The_number_of_blocks_before_a_sample_is_geometric(int interval, int size)
    {
        const int Draws = 200_000;
        _heap.State->SampleSeed = 12_345;
        double[] draws = new double[Draws];
        for (int draw = 0; draw < Draws; draw++)
        {
            draws[draw] = SampleDraw.BlocksBefore(_heap.State, (nuint)interval, (nuint)size);
        }

        double p = SampleRecorder.Probability((nuint)size, (nuint)interval);
        double mean = (1 - p) / p, deviation = Math.Sqrt(1 - p) / p;
        Assert.InRange(draws.Average(), mean - (4 * deviation / Math.Sqrt(Draws)) - 1e-6,
            mean + (4 * deviation / Math.Sqrt(Draws)) + 1e-6);
        double zeros = draws.Count(draw => draw == 0), expected = p * Draws;
        double tolerance = 4 * Math.Sqrt(expected * (1 - p));
        Assert.InRange(zeros, expected - tolerance - 0.5, expected + tolerance + 0.5);
    }

    [Fact]
    public void Equal_seeds_draw_equal_numbers_and_a_child_of_a_fork_draws_others()
    {
        List<nuint> parent = Draw(() => _heap.State->SampleSeed = 77);
        Assert.Equal(parent, Draw(() => _heap.State->SampleSeed = 77));
        List<nuint> child = Draw(() =>
        {
            _heap.State->SampleSeed = 77;
            SampleDraw.SeedChild(_heap.State);
        });
        Assert.Empty(parent.Intersect(child));
    }

    [Fact]
    public void Two_heaps_draw_different_numbers()
    {
        using HeapFixture other = new();
        using SampleRecorder recorder = new(1 << 30);
        HeapState.SetSampler(_heap.State, recorder.Sampler);
        HeapState.SetSampler(other.State, recorder.Sampler);
        Assert.NotEqual(0u, _heap.State->SampleSeed);
        Assert.NotEqual(_heap.State->SampleSeed, other.State->SampleSeed);
        nuint seed = _heap.State->SampleSeed;
        HeapState.SetSampler(_heap.State, recorder.Sampler);
        Assert.Equal(seed, _heap.State->SampleSeed);
    }

    private List<nuint> Draw(Action seed)
    {
        seed();
        List<nuint> draws = [];
        for (int draw = 0; draw < 50; draw++)
        {
            draws.Add(SampleDraw.BlocksBefore(_heap.State, (nuint)1 << 30, 16));
        }

        return draws;
    }
}
