using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Quarry.Testing;

/// <summary>Asserts how much memory code takes, for any test framework: what fails is thrown.</summary>
/// <remarks>
/// <para>
/// Managed bytes are the runtime's exact count of the thread that runs the action, or of the threads that an
/// asynchronous action runs on while it does; whatever else the process does is not counted. Native bytes are
/// those that the given sources hand out, to any thread.
/// </para>
/// <para>
/// An action is run several times: once to warm up and a few times that count, all of which must keep to the
/// assertion. If they do not, it is run until the runtime has compiled it for good, which takes up to three
/// seconds; what is allocated only once, or only before the code is optimised, is no failure. An action that
/// cannot be repeated is run once with <c>warmUp: false</c>, and counted as it is. In a Debug build, code is
/// never optimised, and allocates what the compiler leaves in it.
/// </para>
/// <para>
/// When an assertion fails, the action is run again while the runtime samples its allocations and the sources
/// record their call stacks, and the message names the types and the methods.
/// </para>
/// </remarks>
public static partial class AllocationAssert
{
    /// <summary>Asserts that the action allocates nothing: no managed memory, none of the sources.</summary>
    /// <param name="action">The code.</param>
    /// <param name="warmUp">Whether it may be repeated; see the remarks of the class.</param>
    /// <param name="native">What is counted besides managed memory.</param>
    /// <exception cref="AllocationAssertionException">It does; the message names what and where.</exception>
    public static void None(
        Action action, bool warmUp = true, params ReadOnlySpan<MemorySource> native) =>
        AtMost(0, action, warmUp, native);

    /// <summary>
    /// Asserts that no run of the action allocates more bytes, managed and native together.
    /// </summary>
    /// <inheritdoc cref="None"/>
    /// <exception cref="ArgumentOutOfRangeException">The number of bytes is negative.</exception>
    public static void AtMost(
        long bytes, Action action, bool warmUp = true, params ReadOnlySpan<MemorySource> native)
    {
        Verify(bytes, action);
        MemorySource[] sources = native.ToArray();
        var settling = new Settling(bytes, warmUp);
        while (settling.Continue(Run(action, sources)))
        {
            Thread.Sleep(settling.Pause);
        }

        if (settling.Worst.Total > bytes)
        {
            SiteSearch search = warmUp
                ? SiteSearch.Of(action, settling.Worst.Managed)
                : SiteSearch.NotRepeatable;
            NativeStatistics[] uses = warmUp && sources.Length > 0 ? NativeSites(action, sources) : [];
            throw Failure(settling, search, uses);
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
        Verify(bytes, action);
        return Assert(new Settling(bytes, warmUp));

        async Task Assert(Settling settling)
        {
            long run = await AllocationFlow.Measure(action).ConfigureAwait(false);
            while (settling.Continue(new RunBytes(run)))
            {
                await Task.Delay(settling.Pause).ConfigureAwait(false);
                run = await AllocationFlow.Measure(action).ConfigureAwait(false);
            }

            if (settling.Worst.Total > settling.Allowed)
            {
                throw Failure(settling, warmUp
                    ? await SiteSearch.OfAsync(action, settling.Worst.Managed).ConfigureAwait(false)
                    : SiteSearch.NotRepeatable);
            }
        }
    }

    private static void Verify(long bytes, Delegate action)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentNullException.ThrowIfNull(action);
        ManagedCounter.Verify();
    }

    private static RunBytes Run(Action action, MemorySource[] sources)
    {
        long before = Allocated(sources);
        long managed = ManagedCounter.Measure(action);
        return new RunBytes(managed, Allocated(sources) - before);
    }

    private static AllocationAssertionException Failure(
        Settling settling, SiteSearch search, params NativeStatistics[] uses)
    {
        RunBytes worst = settling.Worst;
        string bytes = worst.Native == 0
            ? $"{worst.Managed} managed bytes"
            : $"{worst.Managed} managed and {worst.Native} native bytes";
        string allowed = settling.Allowed == 0 ? "none are" : $"{settling.Allowed} are";
        return new AllocationAssertionException(
            $"The action allocated {bytes} {settling}; {allowed} allowed."
            + FailureText.Of(search) + FailureText.Of(uses))
        {
            AllowedBytes = settling.Allowed,
            ManagedBytes = worst.Managed,
            NativeBytes = worst.Native,
            Sites = search.Sites,
            NativeSites = [.. uses.SelectMany(use => use.Sites)],
        };
    }
}
