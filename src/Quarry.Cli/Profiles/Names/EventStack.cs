using System;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Diagnostics.Tracing;

namespace Quarry.Cli.Profiles.Names;

/// <summary>The call stack that the runtime recorded with an event.</summary>
/// <remarks>
/// TraceEvent publishes stacks only through its log, which writes a file of its own and cannot read
/// recordings that were cut off. An event refers to an EVENT_RECORD of Windows, whose layout is fixed.
/// </remarks>
internal static unsafe class EventStack
{
    // EVENT_RECORD: the number of extended items and their address.
    private const int CountOffset = 84, ItemsOffset = 88;

    // EVENT_HEADER_EXTENDED_DATA_ITEM: type, size and address of one; all stacks are of this type.
    private const int ItemBytes = 16, TypeOffset = 2, SizeOffset = 6, DataOffset = 8;
    private const ushort StackTrace64 = 6;

    private static readonly FieldInfo? s_record =
        typeof(TraceEvent).GetField("eventRecord", BindingFlags.NonPublic | BindingFlags.Instance);

    /// <summary>Gets the return addresses, innermost first; valid until the next event.</summary>
    internal static ReadOnlySpan<ulong> Of(TraceEvent data)
    {
        if (s_record?.GetValue(data) is not Pointer pointer)
        {
            return [];
        }

        byte* record = (byte*)Pointer.Unbox(pointer);
        byte* item = *(byte**)(record + ItemsOffset);
        for (int count = *(ushort*)(record + CountOffset); count > 0; count--, item += ItemBytes)
        {
            if (*(ushort*)(item + TypeOffset) == StackTrace64)
            {
                ReadOnlySpan<byte> bytes = new(*(byte**)(item + DataOffset), *(ushort*)(item + SizeOffset));

                // The first word joins the two halves of a stack of Windows; here it has no meaning.
                return MemoryMarshal.Cast<byte, ulong>(bytes)[1..];
            }
        }

        return [];
    }
}
