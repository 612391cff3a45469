using System;
using System.Threading;
using System.Threading.Tasks;

namespace Quarry.Testing;

/// <summary>Asserts how much memory code takes, for any test framework: what fails is thrown.</summary>
/// <remarks>
/// <para>
/// Managed bytes are the runtime's exact count of the thread that runs the action, or of the threads that an
/// asynchronous action runs on while it does; whatever else the process does is not counted.
/// </para>
/// <para>
/// An action is run several times: once to warm up and a few times that count, all of which must keep to the
/// assertion. If they do not, it is run until the runtime has compiled it for good, which takes up to three
/// seconds; what is allocated only once, or only before the code is optimised, is no failure. An action that
/// cannot be repeated is run once with <c>warmUp: false</c>, and counted as it is. In a Debug build, code is
/// never optimised, and allocates what the compiler leaves in it.
/// </para>
/// <para>
/// When an assertion fails, the action is run again while the runtime samples its allocations, and the message
/// names the types and the methods.
/// </para>
/// </remarks>
public static partial class AllocationAssert
{
    /// <summary>Asserts that the action allocates no managed memory on this thread.</summary>
    /// <param name="action">The code.</param>
    /// <param name="warmUp">Whether it may be repeated; see the remarks of the class.</param>
    /// <exception cref="AllocationAssertionException">It does; the message names what and where.</exception>
    public static void None(Action action, bool warmUp = true) => AtMost(0, action, warmUp);

    /// <summary>Asserts that no run of the action allocates more managed bytes on this thread.</summary>
    /// <inheritdoc cref="None"/>
    /// <exception cref="ArgumentOutOfRangeException">The number of bytes is negative.</exception>
    public static void AtMost(long bytes, Action action, bool warmUp = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentNullException.ThrowIfNull(action);
        ManagedCounter.Verify();
        if (!warmUp)
        {
            long once = ManagedCounter.Measure(action);
            if (once > bytes)
            {
                throw Failure(bytes, once, null, null);
            }

            return;
        }

        var settling = new Settling(bytes);
        while (settling.Continue(ManagedCounter.Measure(action)))
        {
            Thread.Sleep(settling.Pause);
        }

        if (settling.Worst > bytes)
        {
            throw Failure(bytes, settling.Worst, settling, SiteSearch.Of(action, settling.Worst));
        }
    }

    /// <summary>Asserts that the action allocates no managed memory, on any thread that it runs on.</summary>
    /// <inheritdoc cref="None"/>
    public static Task NoneAsync(Func<Task> action, bool warmUp = true) => AtMostAsync(0, action, warmUp);

    /// <summary>
    /// Asserts that no run of the action allocates more managed bytes, on all threads that it runs on.
    /// </summary>
    /// <inheritdoc cref="None"/>
    /// <exception cref="ArgumentOutOfRangeException">The number of bytes is negative.</exception>
    public static Task AtMostAsync(long bytes, Func<Task> action, bool warmUp = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentNullException.ThrowIfNull(action);
        ManagedCounter.Verify();
        return warmUp ? Repeated() : Once();

        async Task Once()
        {
            long once = await AllocationFlow.Measure(action).ConfigureAwait(false);
            if (once > bytes)
            {
                throw Failure(bytes, once, null, null);
            }
        }

        async Task Repeated()
        {
            var settling = new Settling(bytes);
            while (settling.Continue(await AllocationFlow.Measure(action).ConfigureAwait(false)))
            {
                await Task.Delay(settling.Pause).ConfigureAwait(false);
            }

            if (settling.Worst > bytes)
            {
                SiteSearch search = await SiteSearch.OfAsync(action, settling.Worst).ConfigureAwait(false);
                throw Failure(bytes, settling.Worst, settling, search);
            }
        }
    }

    private static AllocationAssertionException Failure(
        long allowed, long managed, Settling? settling, SiteSearch? search)
    {
        string runs = settling == null
            ? "in its only run"
            : $"in the worst of {settling.Counted} runs, after {settling.Runs - settling.Counted} to warm up";
        string message =
            $"The action allocated {managed} managed bytes {runs}; {Words(allowed)} allowed."
            + FailureText.Of(search);
        return new AllocationAssertionException(message)
        {
            AllowedBytes = allowed,
            ManagedBytes = managed,
            Sites = search?.Sites ?? [],
        };
    }

    private static string Words(long allowed) => allowed == 0 ? "none are" : $"{allowed} are";
}
