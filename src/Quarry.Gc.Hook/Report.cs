using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;

namespace Quarry.Gc.Hook;

/// <summary>
/// Writes the report that the heap cannot write itself, because only managed code has the names of types.
/// </summary>
internal static unsafe class Report
{
    private const int Rows = 25;
    private const string KeyReported = "QuarryGCReported";
    private const string KeyReporter = "QuarryGCReporter", KeyAbort = "QuarryGCAbort";

    private static readonly IReadOnlyDictionary<string, object> s_settings = GC.GetConfigurationVariables();

    private static int s_isWritten;

    /// <summary>Writes the report at the first event that announces the end of the program.</summary>
    internal static void WriteOnce()
    {
        if (Interlocked.Exchange(ref s_isWritten, 1) == 0)
        {
            Write();
        }
    }

    /// <summary>Writes the report of the heap's mode.</summary>
    internal static void Write()
    {
        string text = ManagedHeap.Mode switch
        {
            "counting" => Table(ManagedHeap.TakeCensus()),
            "tracing" => Names(ManagedHeap.TakeCensus()),
            _ => "",
        };

        WriteToStandardError(text);
        CallHeap(KeyReported);
    }

    /// <summary>Starts the thread that writes the report if the runtime aborts the process.</summary>
    internal static void AwaitAbort()
    {
        if (CallHeap(KeyReporter))
        {
            new Thread(WriteAtAbort) { IsBackground = true, Name = "Quarry report" }.Start();
        }
    }

    private static void WriteAtAbort()
    {
        CallHeap(KeyAbort);
        WriteOnce();

        // Another thread may have begun to write, and may never finish.
        CallHeap(KeyReported);
    }

    /// <summary>Calls a function that the heap publishes.</summary>
    /// <returns>False if the program runs on another heap.</returns>
    private static bool CallHeap(string key)
    {
        bool isPublished = s_settings.TryGetValue(key, out object? address);
        if (isPublished)
        {
            ((delegate* unmanaged<void>)(nint)(long)address!)();
        }

        return isPublished;
    }

    private static void WriteToStandardError(string text)
    {
        try
        {
            // Not Console.Error, which the program may have replaced.
            using Stream error = Console.OpenStandardError();
            error.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Standard error is closed, or not open for writing. The program must end as it would without the
            // report.
        }
    }

    /// <summary>Formats the objects of the program by type, as a table.</summary>
    private static string Table(IReadOnlyList<TypeStatistics> usages)
    {
        long objects = usages.Sum(usage => usage.Objects);
        long bytes = usages.Sum(usage => usage.Bytes);
        using StringWriter text = new(CultureInfo.InvariantCulture);
        text.WriteLine($"quarry: {objects:N0} objects of {usages.Count:N0} types, {bytes:N0} bytes");
        foreach (TypeStatistics usage in usages.Take(Rows))
        {
            text.WriteLine($"{usage.Bytes,16:N0} {usage.Objects,14:N0}  {usage.Type}");
        }

        if (usages.Count > Rows)
        {
            TypeStatistics[] others = [.. usages.Skip(Rows)];
            long otherBytes = others.Sum(usage => usage.Bytes);
            long otherObjects = others.Sum(usage => usage.Objects);
            text.WriteLine($"{otherBytes,16:N0} {otherObjects,14:N0}  {others.Length:N0} more types");
        }

        return text.ToString();
    }

    /// <summary>Formats the names of the types whose addresses are in the lines of a trace.</summary>
    private static string Names(IReadOnlyList<TypeStatistics> usages) => string.Concat(
        usages.Select(usage => $"type 0x{usage.Type.TypeHandle.Value:x} = {usage.Type}\n"));
}
