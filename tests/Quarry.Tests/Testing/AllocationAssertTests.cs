using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Testing;

/// <summary>Assertions on managed memory: what passes, what fails, and what the failure says.</summary>
public sealed class AllocationAssertTests
{
    private static readonly int[] s_numbers = [3, 1, 2];

    private int _number = 7;
    private object? _kept;
    private int _runs;

    [Fact]
    public void Code_without_allocations_passes() => AllocationAssert.None(() =>
    {
        Span<int> copy = stackalloc int[s_numbers.Length];
        s_numbers.CopyTo(copy);
        copy.Sort();
        _number = copy[0];
    });

    [Fact]
    public void What_is_allocated_only_once_is_no_failure()
    {
        Dictionary<int, string> cache = [];
        AllocationAssert.None(() => _kept = cache.TryGetValue(1, out string? text)
            ? text
            : cache[1] = _number.ToString());
    }

    [Fact]
    public void What_is_allocated_until_the_code_is_optimised_is_no_failure()
    {
        // Forty runs, as unoptimised code would.
        AllocationAssert.None(() => _kept = ++_runs < 40 ? new object() : null);
        Assert.InRange(_runs, 40, 400);
    }

    [Fact]
    public void Each_run_counts() => Assert.Throws<AllocationAssertionException>(
        () => AllocationAssert.None(() => _kept = ++_runs % 4 == 0 ? new object() : null));

    [Fact]
    public void Other_threads_do_not_count()
    {
        bool stop = false;
        var other = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                _kept = new byte[100];
            }
        });
        other.Start();
        try
        {
            AllocationAssert.None(() => Thread.SpinWait(100));
        }
        finally
        {
            Volatile.Write(ref stop, true);
            other.Join();
        }
    }

    [Fact]
    public void Bytes_are_exact()
    {
        const int ArrayBytes = 100 + 24;
        AllocationAssert.AtMost(ArrayBytes + 4, () => _kept = new byte[100]);
        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.AtMost(100, () => _kept = new byte[100]));
        Assert.Equal(100, failure.AllowedBytes);
        Assert.Equal(128, failure.ManagedBytes);
    }

    [Fact]
    public void An_array_is_named() => Names(
        "System.Byte[]", nameof(An_array_is_named), () => _kept = new byte[_number]);

    [Fact]
    public void A_string_is_named() => Names(
        "System.String", nameof(A_string_is_named), () => _kept = "n" + _number);

    [Fact]
    public void A_box_is_named() => Names("System.Int32", nameof(A_box_is_named), () => _kept = _number);

    [Fact]
    public void A_closure_is_named() => Names(
        "closure", nameof(A_closure_is_named), () => _kept = Capture(_number));

    [Fact]
    public void The_sites_share_what_was_counted()
    {
        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.None(() => _kept = new[] { new byte[1000], new byte[10] }));
        Assert.InRange(
            failure.Sites.Sum(site => site.BytesPerRun), failure.ManagedBytes - 8, failure.ManagedBytes + 8);
        Assert.Equal("System.Byte[]", failure.Sites[0].TypeName);
        Assert.InRange(failure.Sites[0].BytesPerRun, 900, 1200);
    }

    [Fact]
    public void What_cannot_be_repeated_runs_once()
    {
        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.None(() => _kept = new byte[++_runs], warmUp: false));
        Assert.Equal(1, _runs);
        Assert.Contains("in its only run", failure.Message);
        Assert.Contains("sites unknown", failure.Message);
    }

    [Fact]
    public void Exceptions_of_the_action_pass_through() => Assert.Throws<FormatException>(
        () => AllocationAssert.None(() => throw new FormatException()));

    [Fact]
    public void Without_a_diagnostics_port_the_message_says_so()
    {
        const int NoProcess = int.MaxValue;
        Assert.Contains("DOTNET_EnableDiagnostics", SiteSearch.Of(() => { }, 1, NoProcess).Note);
    }

    [Fact]
    public async Task Asynchronous_code_that_completes_at_once_passes() =>
        await AllocationAssert.NoneAsync(() =>
        {
            _number++;
            return Task.CompletedTask;
        });

    [Fact]
    public async Task Asynchronous_code_is_counted_on_each_of_its_threads()
    {
        const int Bytes = 20_000;
        Task Act() => Task.Run(async () =>
        {
            _kept = new byte[Bytes];
            await Task.Delay(1).ConfigureAwait(false);
            _kept = new byte[Bytes];
        });

        AllocationAssertionException failure =
            await Assert.ThrowsAsync<AllocationAssertionException>(() => AllocationAssert.AtMostAsync(Bytes, Act));
        Assert.InRange(failure.ManagedBytes, 2 * Bytes, 2 * Bytes + 4000);
        Assert.Contains(failure.Sites, site => site.TypeName == "System.Byte[]"
            && site.Frames.Any(frame => frame.Contains(nameof(Asynchronous_code_is_counted_on_each_of_its_threads))));
        await AllocationAssert.AtMostAsync(2 * Bytes + 4000, Act);
    }

    [Fact]
    public async Task What_others_do_while_asynchronous_code_waits_is_not_counted()
    {
        var started = new SemaphoreSlim(0);
        bool stop = false;
        var other = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                _kept = new byte[10_000];
                _ = started.Release();
            }
        });
        other.Start();
        try
        {
            await AllocationAssert.AtMostAsync(3000, () => started.WaitAsync());
        }
        finally
        {
            Volatile.Write(ref stop, true);
            other.Join();
        }
    }

    private static Func<int> Capture(int number) => () => number;

    private static void Names(string type, string method, Action action)
    {
        AllocationAssertionException failure = Assert.Throws<AllocationAssertionException>(
            () => AllocationAssert.None(action));
        Assert.Contains(failure.Sites, site => site.TypeName == type && site.Frames.Any(
            frame => frame.StartsWith($"{typeof(AllocationAssertTests)}.{method}", StringComparison.Ordinal)));
        Assert.Contains(type, failure.Message);
        Assert.Contains(method, failure.Message);
    }
}
