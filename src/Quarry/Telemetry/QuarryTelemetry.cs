using System;
using System.Collections.Immutable;
using System.Threading;

namespace Quarry;

/// <summary>
/// Publishes figures of heaps and counted allocators as metrics, for OpenTelemetry, <c>dotnet-counters</c>
/// and every other listener of .NET meters or event counters.
/// </summary>
/// <remarks>
/// <para>
/// The instruments are <c>quarry.heap.in_use</c>, <c>quarry.heap.committed</c>, <c>quarry.heap.resident</c>,
/// <c>quarry.heap.peak</c> and <c>quarry.heap.allocated</c> in bytes, and <c>quarry.heap.allocations</c> and
/// <c>quarry.heap.frees</c> in blocks. The attribute <c>quarry.heap</c> is the name of the allocator. If
/// <c>libquarry.so</c> is the malloc of the process, it is published under the name <c>malloc</c>.
/// </para>
/// <para>
/// All instruments are observable: allocation and deallocation cost nothing more. An observation reads the
/// statistics of each allocator once for all instruments. Any thread may call any member.
/// </para>
/// </remarks>
public static class QuarryTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Quarry";

    /// <summary>
    /// The name of the event source, whose event counters have the names of the instruments, and the
    /// attribute as metadata.
    /// </summary>
    public const string EventSourceName = "Quarry";

    private const string Malloc = "malloc";

    private static ImmutableArray<TelemetryRegistration> s_registrations = [];
    private static int s_isStarted;

    internal static ImmutableArray<TelemetryRegistration> Registrations => s_registrations;

    /// <summary>
    /// Creates the instruments, and publishes the malloc of the process if it is <c>libquarry.so</c>. The
    /// first registration does so too; further calls have no effect.
    /// </summary>
    public static void Start()
    {
        if (Interlocked.Exchange(ref s_isStarted, 1) == 0)
        {
            HeapMeter.Create();
            if (ProcessMalloc.FindReader() is { } read)
            {
                _ = Add(Malloc, read);
            }
        }
    }

    /// <summary>Publishes the figures of a heap.</summary>
    /// <param name="name">
    /// The value of the attribute <c>quarry.heap</c>: unique among the published allocators, and not
    /// <c>malloc</c>.
    /// </param>
    /// <param name="heap">
    /// The heap, which stays the caller's. When it is disposed, its figures end, even during an observation.
    /// </param>
    /// <returns>The registration. Disposing it ends the figures.</returns>
    /// <remarks>
    /// Blocks freed by a thread other than the one that allocated them count as in use until the freeing
    /// thread posts them, which it does in batches.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty, reserved or in use.</exception>
    /// <exception cref="ObjectDisposedException">The heap is disposed, or the default value.</exception>
    public static IDisposable Register(string name, Heap heap) => Publish(
        name, () => heap.TryObserve(out HeapStatistics statistics) ? HeapFigures.Of(statistics) : null, heap);

    /// <summary>Publishes the figures of a counted allocator, without committed and resident bytes.</summary>
    /// <param name="name">
    /// The value of the attribute <c>quarry.heap</c>: unique among the published allocators, and not
    /// <c>malloc</c>.
    /// </param>
    /// <param name="counting">
    /// The allocator, which stays the caller's. When it is disposed, its figures end.
    /// </param>
    /// <returns>The registration. Disposing it ends the figures.</returns>
    /// <exception cref="ArgumentException">The name is empty, reserved or in use.</exception>
    /// <exception cref="ObjectDisposedException">
    /// The allocator is disposed, or the default value.
    /// </exception>
    public static IDisposable Register<TInner>(string name, Counting<TInner> counting)
        where TInner : unmanaged, IAllocator => Publish(
        name, () => counting.IsAlive ? HeapFigures.Of(counting.Statistics) : null, counting);

    internal static void Remove(TelemetryRegistration registration) => ImmutableInterlocked.Update(
        ref s_registrations, static (all, removed) => all.Remove(removed), registration);

    private static TelemetryRegistration Publish(string name, Func<HeapFigures?> read, object allocator)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ObjectDisposedException.ThrowIf(read() == null, allocator);
        if (name == Malloc)
        {
            throw new ArgumentException(
                $"The name '{name}' is reserved for the malloc of the process; choose another name.",
                nameof(name));
        }

        Start();
        return Add(name, read) ?? throw new ArgumentException(
            $"An allocator named '{name}' is published already; choose another name.", nameof(name));
    }

    private static TelemetryRegistration? Add(string name, Func<HeapFigures?> read)
    {
        // A disposed heap that no listener has observed since does not keep its name.
        foreach (TelemetryRegistration other in s_registrations)
        {
            _ = other.Name != name || other.IsAlive();
        }

        var registration = new TelemetryRegistration(name, read);
        bool isAdded = ImmutableInterlocked.Update(
            ref s_registrations,
            static (all, added) => Has(all, added.Name) ? all : all.Add(added),
            registration);
        if (isAdded)
        {
            registration.OpenCounters();
        }

        return isAdded ? registration : null;
    }

    private static bool Has(ImmutableArray<TelemetryRegistration> registrations, string name)
    {
        foreach (TelemetryRegistration registration in registrations)
        {
            if (registration.Name == name)
            {
                return true;
            }
        }

        return false;
    }
}
