using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Quarry.Testing;

/// <summary>Whether an allocator keeps what <see cref="IAllocator"/> and its traits promise.</summary>
/// <remarks>
/// <para>
/// For any test framework: what is wrong is thrown. Each check works on an allocator of its own, which it asks
/// for. Where a trait is not claimed, its check looks that nothing is done that was not promised.
/// </para>
/// <para>
/// The checks look at contents: every byte that may be used is written, and read again. An allocator that
/// hands out bad addresses may end the process; a test that dies says as much.
/// </para>
/// </remarks>
public static class AllocatorConformance
{
    /// <summary>All checks, for one test each.</summary>
    public static IReadOnlyList<ConformanceCheck> Checks { get; } = Enum.GetValues<ConformanceCheck>();

    /// <summary>Runs all checks.</summary>
    /// <param name="create">Makes the allocator; each time a new one, if it has a state of its own.</param>
    /// <param name="destroy">Called with each that was made, also after a failure.</param>
    /// <param name="options">What it can serve; see there for the defaults.</param>
    /// <exception cref="ConformanceException">The first promise that is broken.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The options contradict themselves.</exception>
    public static void Verify<TAllocator>(
        Func<TAllocator> create, Action<TAllocator>? destroy = null, ConformanceOptions? options = null)
        where TAllocator : unmanaged, IAllocator
    {
        foreach (ConformanceCheck check in Checks)
        {
            Run(check, create, destroy, options);
        }
    }

    /// <summary>Runs one check.</summary>
    /// <inheritdoc cref="Verify"/>
    public static void Run<TAllocator>(
        ConformanceCheck check,
        Func<TAllocator> create,
        Action<TAllocator>? destroy = null,
        ConformanceOptions? options = null)
        where TAllocator : unmanaged, IAllocator
    {
        ArgumentNullException.ThrowIfNull(create);
        ConformanceOptions asked = Validated(options ?? new ConformanceOptions());
        asked.Seed = asked.Seed != 0 ? asked.Seed : Random.Shared.Next(1, int.MaxValue);
        string subject = $"{NameOf(typeof(TAllocator))} ({TAllocator.Traits}), check {check}: ";
        try
        {
            (Violation found, string circumstances) = check == ConformanceCheck.RandomSequences
                ? Sequences(create, destroy, asked)
                : Single(check, create, destroy, asked);
            if (!found.IsNone)
            {
                throw new ConformanceException(
                    check, found.Promise, subject + ViolationText.Of(found) + circumstances);
            }
        }
        catch (Exception exception) when (exception is not ConformanceException)
        {
            throw new ConformanceException(
                check, Promise.None, $"{subject}{exception.GetType().Name}: {exception.Message}", exception);
        }
    }

    private static (Violation Found, string Circumstances) Single<TAllocator>(
        ConformanceCheck check,
        Func<TAllocator> create,
        Action<TAllocator>? destroy,
        ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        TAllocator allocator = create();
        try
        {
            return check == ConformanceCheck.Threads
                ? (ThreadsCheck.Run(allocator, options), $" (seed {options.Seed})")
                : (DeterministicChecks.Run(check, allocator, options), "");
        }
        finally
        {
            destroy?.Invoke(allocator);
        }
    }

    private static (Violation Found, string Circumstances) Sequences<TAllocator>(
        Func<TAllocator> create, Action<TAllocator>? destroy, ConformanceOptions options)
        where TAllocator : unmanaged, IAllocator
    {
        (Violation found, Operation[] operations) = RandomSequences.Run(create, destroy, options);
        string steps = string.Concat(operations.Select((step, index) => $"\n  {index + 1}. {step}"));
        return (found, $" after (seed {options.Seed}):{steps}");
    }

    private static ConformanceOptions Validated(ConformanceOptions options)
    {
        if (!BitOperations.IsPow2(options.MaxAlignment))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.MaxAlignment, "The largest alignment is a power of two.");
        }

        // What the checks add up stays below what an address can count.
        nuint limit = Layout.MaxSize / 16;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxAlignment, limit, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxSize, limit, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.BlockOverhead, limit, nameof(options));
        return options;
    }

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
