using System;

namespace Quarry.Gc;

/// <summary>
/// How the managed companion finds this heap: as settings of the collector, which any program can list by
/// <c>GC.GetConfigurationVariables</c>.
/// </summary>
internal static unsafe class Companion
{
    private const nint TypeInteger = 0, TypeText = 1;

    internal static void Describe(nint context, void* function)
    {
        fixed (byte* mode = HeapMode.Name)
        {
            Tell(context, function, "QuarryGCMode"u8, "Quarry.GC.Mode"u8, TypeText, (nint)mode);
        }

        delegate*<TypeFigures*, nuint, nuint> census = &TypeCensus.Take;
        delegate*<HeapFigures*, void> figures = &HeapFigures.Take;
        delegate*<void> reported = &EndReport.Skip;
        Tell(context, function, "QuarryGCCensus"u8, "Quarry.GC.Census"u8, TypeInteger, (nint)census);
        Tell(context, function, "QuarryGCFigures"u8, "Quarry.GC.Figures"u8, TypeInteger, (nint)figures);
        Tell(context, function, "QuarryGCReported"u8, "Quarry.GC.Reported"u8, TypeInteger, (nint)reported);
    }

    private static void Tell(
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
            _ = Runtime.Call5(function, context, (nint)privateKey, (nint)publicKey, type, value);
        }
    }
}
