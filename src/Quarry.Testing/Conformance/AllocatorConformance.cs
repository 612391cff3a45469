using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Quarry.Testing;

/// <summary>Whether an allocator keeps what <see cref="IAllocator"/> and its traits promise.</summary>
/// <remarks>
/// <para>
/// For any test framework: what is wrong is thrown. Each check works on an allocator of its own, which it asks
/// for; checks of traits that are not claimed look that nothing is done where nothing is promised.
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
        int seed = asked.Seed != 0 ? asked.Seed : Random.Shared.Next(1, int.MaxValue);
        string subject = $"{NameOf(typeof(TAllocator))} ({TAllocator.Traits}), check {check}: ";
        try
        {
            string? found = check == ConformanceCheck.RandomSequences
                ? Sequences(create, destroy, asked, seed)
                : Single(check, create, destroy, asked, seed);
            if (found != null)
            {
                throw new ConformanceException(check, subject + found);
            }
        }
        catch (Exception exception) when (exception is not ConformanceException)
        {
            throw new ConformanceException(
                check, $"{subject}an exception, but no member throws: {exception.Message}", exception);
        }
    }

    private static string? Single<TAllocator>(
        ConformanceCheck check,
        Func<TAllocator> create,
        Action<TAllocator>? destroy,
        ConformanceOptions options,
        int seed)
        where TAllocator : unmanaged, IAllocator
    {
        TAllocator allocator = create();
        try
        {
            bool threads = check == ConformanceCheck.Threads;
            Violation found = threads
                ? ThreadsCheck.Run(allocator, options, seed)
                : DeterministicChecks.Run(check, allocator, options);
            return found.IsNone ? null : ViolationText.Of(found) + (threads ? $" (seed {seed})." : ".");
        }
        finally
        {
            destroy?.Invoke(allocator);
        }
    }

    private static string? Sequences<TAllocator>(
        Func<TAllocator> create, Action<TAllocator>? destroy, ConformanceOptions options, int seed)
        where TAllocator : unmanaged, IAllocator
    {
        (Violation found, Operation[] operations) = RandomSequences.Run(create, destroy, options, seed);
        string steps = string.Concat(operations.Select((step, index) => $"\n  {index + 1}. {step}"));
        return found.IsNone ? null : $"{ViolationText.Of(found)} after (seed {seed}):{steps}";
    }

    private static ConformanceOptions Validated(ConformanceOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfZero(options.MaxAlignment, "options.MaxAlignment");
        if (!BitOperations.IsPow2(options.MaxAlignment))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.MaxAlignment, "The largest alignment is a power of two.");
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            options.MaxSize, Layout.MaxSize / 16, "options.MaxSize");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            options.MaxAlignment, Layout.MaxSize / 16, "options.MaxAlignment");
        return options;
    }

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
