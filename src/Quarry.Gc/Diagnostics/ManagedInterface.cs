using System;

namespace Quarry.Gc;

/// <summary>
/// Publishes the functions that the managed library calls, as settings of the collector, which
/// <c>GC.GetConfigurationVariables</c> returns.
/// </summary>
internal static unsafe class ManagedInterface
{
    private const nint TypeInteger = 0, TypeText = 1;

    internal static void Publish(nint context, void* function)
    {
        fixed (byte* mode = HeapMode.Name)
        {
            Publish(context, function, "QuarryGCMode"u8, "Quarry.GC.Mode"u8, TypeText, (nint)mode);
        }

        delegate*<TypeStatistics*, nuint, nuint> census = &TypeCensus.Take;
        delegate*<ManagedHeapStatistics*, void> statistics = &ManagedHeapStatistics.Copy;
        delegate*<void> reported = &FinalReport.Skip;
        delegate*<void> announce = &AbortReport.Announce;
        delegate*<void> abort = &AbortReport.Await;
        Publish(context, function, "QuarryGCCensus"u8, "Quarry.GC.Census"u8, TypeInteger, (nint)census);
        Publish(context, function, "QuarryGCStatistics"u8, "Quarry.GC.Statistics"u8, TypeInteger,
            (nint)statistics);
        Publish(context, function, "QuarryGCReported"u8, "Quarry.GC.Reported"u8, TypeInteger, (nint)reported);
        Publish(context, function, "QuarryGCReporter"u8, "Quarry.GC.Reporter"u8, TypeInteger, (nint)announce);
        Publish(context, function, "QuarryGCAbort"u8, "Quarry.GC.Abort"u8, TypeInteger, (nint)abort);
    }

    private static void Publish(
        nint context,
        void* function,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> publicName,
        nint type,
        nint value)
    {
        fixed (byte* privateKey = name)
        fixed (byte* publicKey = publicName)
        {
            _ = NativeCall.Invoke(function, context, (nint)privateKey, (nint)publicKey, type, value);
        }
    }
}
