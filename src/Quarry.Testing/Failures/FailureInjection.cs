using System;

namespace Quarry.Testing;

/// <summary>Whether code survives that it gets no memory, wherever that may happen.</summary>
/// <remarks>
/// The idea is that of Zig's <c>checkAllAllocationFailures</c>. The code under test has to make the same
/// requests each time.
/// </remarks>
public static class FailureInjection
{
    /// <summary>
    /// Runs an action with its first request failing, then with its second, until it has none left; for
    /// each kind of request. Each is made to fail alone, and once more with all later ones of its kind.
    /// </summary>
    /// <remarks>
    /// Code that repeats a failed request with a smaller size, as the collections of Quarry do when they
    /// grow, succeeds if only one request fails, so its failure is not tested by that.
    /// </remarks>
    /// <param name="action">
    /// What to test. It may throw <see cref="OutOfMemoryException"/> where a request fails, or cope; but no
    /// other exception, and all blocks have to be given back in the end, in either case.
    /// </param>
    /// <param name="maxRequests">
    /// The most requests of a kind: an action that asks until it fails would never be done. The runs take
    /// time by the square of the requests.
    /// </param>
    /// <returns>The number of requests whose failure the action has survived.</returns>
    /// <exception cref="FailureInjectionException">It has not; the message names the request.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No request is allowed.</exception>
    public static int Verify(Action<Failing<Ledger>> action, int maxRequests = 10_000)
    {
        ArgumentNullException.ThrowIfNull(action);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRequests);
        int survived = 0;
        foreach (FailureKind kind in Enum.GetValues<FailureKind>())
        {
            nuint request = 0;
            while (Fails(kind, request, onwards: false, action))
            {
                _ = Fails(kind, request, onwards: true, action);
                survived++;
                request++;
                if (request == (nuint)maxRequests)
                {
                    throw new FailureInjectionException(
                        kind, request, $"the action makes more than {maxRequests} requests", "", null);
                }
            }
        }

        return survived;
    }

    /// <summary>Runs the action once; false if it came to its end before the request was made.</summary>
    private static bool Fails(
        FailureKind kind, nuint request, bool onwards, Action<Failing<Ledger>> action)
    {
        Ledger ledger = Ledger.Create();
        try
        {
            using Failing<Ledger> allocator = Fail(ledger, kind, request, onwards);
            Exception? thrown = Run(action, allocator);
            bool failed = allocator.Failures != 0;
            bool copes = thrown == null || (failed && thrown is OutOfMemoryException);
            string? verdict = copes
                ? ledger.Books.Verdict()
                : $"threw {thrown!.GetType().Name}: {thrown!.Message}";
            string sites = verdict != null && copes ? Leaks(kind, request, onwards, action) : "";
            return verdict == null
                ? failed
                : throw new FailureInjectionException(
                    kind, failed ? request : null, verdict, sites, thrown, onwards);
        }
        finally
        {
            ledger.Dispose();
        }
    }

    /// <summary>The stacks whose blocks are left, from one more run.</summary>
    private static string Leaks(
        FailureKind kind, nuint request, bool onwards, Action<Failing<Ledger>> action)
    {
        Ledger ledger = Ledger.Create();
        try
        {
            MemorySource source = MemorySource.Of(ledger.Books.Heap);
            source.RecordsSites = true;
            using Failing<Ledger> allocator = Fail(ledger, kind, request, onwards);
            using MemorySection section = MemorySection.StartProcess(source);
            _ = Run(action, allocator);
            return FailureText.Left(section.Stop().Native[0].Sites);
        }
        finally
        {
            ledger.Dispose();
        }
    }

    private static Failing<Ledger> Fail(Ledger ledger, FailureKind kind, nuint request, bool onwards)
    {
        Failing<Ledger> allocator = new(ledger);
        nuint allocation = RequestOf(FailureKind.Allocation);
        nuint reallocation = RequestOf(FailureKind.Reallocation);
        nuint resize = RequestOf(FailureKind.Resize);
        if (onwards)
        {
            allocator.FailFrom(allocation, reallocation, resize);
        }
        else
        {
            allocator.FailAt(allocation, reallocation, resize);
        }

        return allocator;

        nuint RequestOf(FailureKind each) => each == kind ? request : Failing<Ledger>.Never;
    }

#pragma warning disable CA1031 // whatever it throws is what the caller wants to know
    private static Exception? Run(Action<Failing<Ledger>> action, Failing<Ledger> allocator)
    {
        try
        {
            action(allocator);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
#pragma warning restore CA1031
}
