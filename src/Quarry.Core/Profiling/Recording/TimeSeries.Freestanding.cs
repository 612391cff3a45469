using System.Threading;

namespace Quarry;

/// <summary>The time series of a profile file.</summary>
/// <remarks>One thread at a time adds points; readers detect a change by the sequence.</remarks>
internal unsafe struct TimeSeries
{
    private const ulong FirstInterval = 50_000_000;

    private ProfileTimeline* _timeline;

    /// <summary>Appends the record; returns false if there is no room.</summary>
    internal bool TryStart(ProfileFile* file)
    {
        nuint bytes = (nuint)sizeof(ProfileTimeline)
            + (ProfileTimeline.Capacity * (nuint)sizeof(ProfilePoint));
        _timeline = (ProfileTimeline*)file->BeginRecord(bytes);
        if (_timeline == null)
        {
            return false;
        }

        _timeline->Interval = FirstInterval;
        file->EndRecord(_timeline, ProfileRecordKind.Timeline, bytes, 0);
        return true;
    }

    /// <summary>Adds a point, unless the previous one is more recent than the interval.</summary>
    /// <param name="point">The point.</param>
    /// <param name="always">Whether to add it in any case, as the last one.</param>
    internal readonly void Add(in ProfilePoint point, bool always)
    {
        ProfilePoint* points = (ProfilePoint*)(_timeline + 1);
        ulong count = _timeline->Count;
        if (!always && count > 0 && point.Time - points[count - 1].Time < _timeline->Interval)
        {
            return;
        }

        // Odd before the first change and even after the last one; readers read it before and after.
        _ = Interlocked.Add(ref _timeline->Sequence, 1);
        if (count == ProfileTimeline.Capacity)
        {
            for (ulong index = 1; index < ProfileTimeline.Capacity / 2; index++)
            {
                points[index] = points[2 * index];
            }

            count = ProfileTimeline.Capacity / 2;
            _timeline->Interval *= 2;
        }

        points[count] = point;
        _timeline->Count = count + 1;
        _ = Interlocked.Add(ref _timeline->Sequence, 1);
    }
}
