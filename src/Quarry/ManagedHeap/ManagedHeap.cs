using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// The heap of .NET objects, if the program runs on <c>libquarrygc.so</c>: its figures, and its objects by
/// type.
/// </summary>
/// <remarks>
/// Except in the mode <c>collect</c>, nothing is ever freed. A census is therefore an exact profile of what
/// was allocated since the start, without sampling and without a profiler; the difference of two is what a
/// piece of code allocated, on all threads. In the mode <c>collect</c>, it counts the objects that are not
/// collected yet.
/// </remarks>
public static unsafe class ManagedHeap
{
    private const string KeyMode = "QuarryGCMode";
    private const string KeyCensus = "QuarryGCCensus", KeyFigures = "QuarryGCStatistics";

    private static readonly IReadOnlyDictionary<string, object> s_settings = GC.GetConfigurationVariables();

    /// <summary>Whether the program runs on this heap.</summary>
    public static bool IsActive => s_settings.ContainsKey(KeyCensus);

    /// <summary>What the heap does beyond handing out memory: <c>bump</c>, <c>counting</c>,
    /// <c>tracing</c> or <c>collect</c>; null if the program runs on another one.</summary>
    public static string? Mode => IsActive ? s_settings[KeyMode] as string : null;

    /// <summary>The figures of the heap.</summary>
    /// <exception cref="InvalidOperationException">The program runs on another heap.</exception>
    public static ManagedHeapStatistics GetStatistics()
    {
        var take = (delegate* unmanaged<ManagedHeapStatistics*, void>)Function(KeyFigures);
        ManagedHeapStatistics figures;
        take(&figures);
        return figures;
    }

    /// <summary>Counts the objects of the heap by type, the largest share of the memory first.</summary>
    /// <remarks>
    /// All other threads are stopped while the heap is walked, at some hundred megabytes a second. The
    /// objects that this method makes for its result are not counted.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The program runs on another heap.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory to count in.</exception>
    public static IReadOnlyList<TypeStatistics> TakeCensus()
    {
        var take = (delegate* unmanaged<TypeFigures*, nuint, nuint>)Function(KeyCensus);
        nuint capacity = 1024;
        for (; ; )
        {
            var figures = (TypeFigures*)NativeMemory.Alloc(capacity, (nuint)sizeof(TypeFigures));
            try
            {
                nuint count = take(figures, capacity);
                if (count == 0)
                {
                    throw new OutOfMemoryException("There is no memory for counting the objects in.");
                }

                if (count <= capacity)
                {
                    return Name(new ReadOnlySpan<TypeFigures>(figures, (int)count));
                }

                capacity = count + (count / 8);
            }
            finally
            {
                NativeMemory.Free(figures);
            }
        }
    }

    private static TypeStatistics[] Name(ReadOnlySpan<TypeFigures> figures)
    {
        TypeStatistics[] usages = new TypeStatistics[figures.Length];
        for (int index = 0; index < usages.Length; index++)
        {
            TypeFigures one = figures[index];
            Type type = Type.GetTypeFromHandle(RuntimeTypeHandle.FromIntPtr((nint)one.Type))!;
            usages[index] = new TypeStatistics(type, (long)one.Objects, (long)one.Bytes);
        }

        Array.Sort(usages, static (left, right) => right.Bytes.CompareTo(left.Bytes));
        return usages;
    }

    private static nint Function(string key) => s_settings.TryGetValue(key, out object? address)
        ? (nint)(long)address
        : throw new InvalidOperationException(
            "The program does not run on Quarry's managed heap. Start it with DOTNET_GCPath=libquarrygc.so, "
            + "or by `quarry run --managed bump`.");

    // What the heap writes for each type.
    private readonly struct TypeFigures
    {
        public nuint Type { get; }

        public nuint Objects { get; }

        public nuint Bytes { get; }
    }
}
