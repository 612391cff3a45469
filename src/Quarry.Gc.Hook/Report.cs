using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Quarry.Gc.Hook;

/// <summary>What the heap cannot say by itself, on standard error: names of types.</summary>
internal static unsafe class Report
{
    private const int Rows = 25;
    private const string KeyReported = "QuarryGCReported";

    internal static void Write()
    {
        string text = ManagedHeap.Mode switch
        {
            "counting" => Table(ManagedHeap.TakeCensus()),
            "tracing" => Names(ManagedHeap.TakeCensus()),
            _ => "",
        };
        Console.Error.Write(text);
        if (GC.GetConfigurationVariables().TryGetValue(KeyReported, out object? address))
        {
            ((delegate* unmanaged<void>)(nint)(long)address)();
        }
    }

    /// <summary>The objects of the program by type.</summary>
    private static string Table(IReadOnlyList<TypeUsage> usages)
    {
        long objects = usages.Sum(usage => usage.Objects);
        long bytes = usages.Sum(usage => usage.Bytes);
        using StringWriter text = new(CultureInfo.InvariantCulture);
        text.WriteLine($"quarry: {objects:N0} objects of {usages.Count:N0} types, {bytes:N0} bytes");
        foreach (TypeUsage usage in usages.Take(Rows))
        {
            text.WriteLine($"{usage.Bytes,16:N0} {usage.Objects,14:N0}  {usage.Type}");
        }

        if (usages.Count > Rows)
        {
            TypeUsage[] others = [.. usages.Skip(Rows)];
            long otherBytes = others.Sum(usage => usage.Bytes);
            long otherObjects = others.Sum(usage => usage.Objects);
            text.WriteLine($"{otherBytes,16:N0} {otherObjects,14:N0}  {others.Length:N0} more types");
        }

        return text.ToString();
    }

    /// <summary>What the addresses in the lines of a trace are.</summary>
    private static string Names(IReadOnlyList<TypeUsage> usages) => string.Concat(
        usages.Select(usage => $"type 0x{usage.Type.TypeHandle.Value:x} = {usage.Type}\n"));
}
