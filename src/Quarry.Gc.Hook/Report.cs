using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Quarry.Gc.Hook;

/// <summary>The objects of the program by type, as a table on standard error.</summary>
internal static class Report
{
    private const int Rows = 25;

    internal static void Write()
    {
        if (!ManagedHeap.IsActive || ManagedHeap.Mode != "counting")
        {
            return;
        }

        IReadOnlyList<TypeUsage> usages = ManagedHeap.TakeCensus();
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
            text.WriteLine($"{others.Sum(usage => usage.Bytes),16:N0} {others.Sum(usage => usage.Objects),14:N0}  "
                + $"{others.Length:N0} more types");
        }

        Console.Error.Write(text);
    }
}
