using System;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quarry;
using Quarry.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds allocators, and what is built on them, to the services of an application.</summary>
public static class QuarryServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="Heap"/> that services and handlers of requests share.</summary>
    /// <param name="services">The services of the application.</param>
    /// <remarks>
    /// A singleton with the default options, disposed of with the other services. Services that keep
    /// collections on it should dispose of them before, which the container ensures for services that get the
    /// heap by their constructor.
    /// </remarks>
    public static IServiceCollection AddQuarryHeap(this IServiceCollection services) =>
        services.AddQuarryHeap(new HeapOptions());

    /// <summary>Adds a <see cref="Heap"/> that services and handlers of requests share.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="options">The limits of the heap, and its page source.</param>
    /// <inheritdoc cref="AddQuarryHeap(IServiceCollection)" path="/remarks"/>
    public static IServiceCollection AddQuarryHeap(this IServiceCollection services, HeapOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAdd(ServiceDescriptor.Describe(
            typeof(Heap), _ => new Heap(options), ServiceLifetime.Singleton));
        return services;
    }

    /// <summary>
    /// Adds <see cref="RequestArena"/>, the arena of a request, and the <see cref="ArenaPool"/> behind it.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="options">
    /// The options of each arena. <see cref="ArenaOptions.LimitBytes"/> bounds what one request can allocate:
    /// beyond it, an <see cref="OutOfMemoryException"/> is thrown.
    /// </param>
    /// <remarks>
    /// The pool keeps an arena for each processor. To keep more, add an <see cref="ArenaPool"/> of your own
    /// before.
    /// </remarks>
    public static IServiceCollection AddQuarryRequestArena(
        this IServiceCollection services, ArenaOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(_ => new ArenaPool(Environment.ProcessorCount, options));
        services.TryAddScoped<RequestArena>();
        return services;
    }

    /// <summary>
    /// Adds a transport for Kestrel that receives into buffers of a <see cref="Heap"/>, and sends from them.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <remarks>
    /// <see cref="NativeMemoryPoolFactory"/>, which is added as well, serves everything else that asks for an
    /// <see cref="IMemoryPoolFactory{T}"/> of bytes. Options that are set by <c>UseSockets</c> apply, except
    /// for those of queues and scheduling.
    /// </remarks>
    public static IServiceCollection AddQuarryTransport(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<NativeMemoryPoolFactory>();
        services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>>(
            provider => provider.GetRequiredService<NativeMemoryPoolFactory>()));

        // Kestrel asks the last one first.
        services.AddSingleton<IConnectionListenerFactory, NativeTransportFactory>();
        return services;
    }
}
