using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry.Profiles;

/// <summary>Reads the timeline, which the process may be changing.</summary>
internal sealed class TimelineParser(ProfileSource source)
{
    // A change takes microseconds; a process that was killed within one leaves the sequence odd for ever.
    private const int MaxAttempts = 50;

    internal IReadOnlyList<RecordedPoint> Read(ProfileRecords records)
    {
        _ = records.Head<ProfileTimeline>();
        byte[] bytes = new byte[records.Contents.Length];
        for (int attempt = 1; attempt < MaxAttempts; attempt++)
        {
            if (ReadOnce(records.ContentsOffset, bytes))
            {
                break;
            }

            Thread.Sleep(attempt / 10);
        }

        return Points(bytes, records.Offset);
    }

    /// <summary>
    /// Reads the header before and after the points: they are consistent if both have the same even sequence.
    /// </summary>
    /// <remarks>
    /// The kernel copies a part in any order, so each is read for itself, with fences. Pairs with those
    /// in <c>TimeSeries.Add</c>.
    /// </remarks>
    private bool ReadOnce(int offset, Span<byte> bytes)
    {
        ulong before = ReadSequence(offset);
        Interlocked.MemoryBarrier();
        source.ReadAgain(offset, bytes);
        Interlocked.MemoryBarrier();
        return before % 2 == 0 && before == ReadSequence(offset);
    }

    private ulong ReadSequence(int offset)
    {
        Span<byte> head = stackalloc byte[Unsafe.SizeOf<ProfileTimeline>()];
        source.ReadAgain(offset, head);
        return MemoryMarshal.Read<ProfileTimeline>(head).Sequence;
    }

    private static List<RecordedPoint> Points(ReadOnlySpan<byte> bytes, int offset)
    {
        ProfileTimeline timeline = MemoryMarshal.Read<ProfileTimeline>(bytes);
        ReadOnlySpan<ProfilePoint> points =
            MemoryMarshal.Cast<byte, ProfilePoint>(bytes[Unsafe.SizeOf<ProfileTimeline>()..]);
        if (timeline.Count > (ulong)points.Length)
        {
            throw ProfileRecords.Damaged(offset,
                $"a timeline of {timeline.Count} points, where {points.Length} fit");
        }

        List<RecordedPoint> result = [];
        foreach (ref readonly ProfilePoint point in points[..(int)timeline.Count])
        {
            // Points that were being moved when the process was killed may be there twice.
            if (result.Count == 0 || ProfileNumbers.Time(point.Time) > result[^1].Time)
            {
                result.Add(ProfileNumbers.Point(point));
            }
        }

        return result;
    }
}
