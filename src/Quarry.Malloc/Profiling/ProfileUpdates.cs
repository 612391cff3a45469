using System;

namespace Quarry.Malloc;

/// <summary>Writes the figures of the heap, the size classes and the time series into the file.</summary>
/// <remarks>The caller has entered the recording.</remarks>
internal unsafe struct ProfileUpdates
{
    private const ulong LeastPeriod = 50_000_000;

    // Updates take at most this share of the time: counting the resident pages of a heap of many gigabytes
    // takes milliseconds.
    private const ulong Share = 50;

    private ReportBuffer _buffer;
    private ProfileSizeClass* _classes;
    private ulong _cost;

    private static nuint ClassBytes =>
        ((nuint)SmallSizes<Geometry>.Count + 1) * (nuint)sizeof(ProfileSizeClass);

    /// <summary>Gets the time until the next update, in milliseconds.</summary>
    internal readonly nuint PeriodMilliseconds =>
        (nuint)(Math.Max(LeastPeriod, _cost * Share) / 1_000_000);

    /// <summary>Maps the memory for reading the heap's tables; returns false if there is none.</summary>
    internal bool TryMap() => ReportBuffer.TryMap(out _buffer);

    /// <summary>Appends the record of the size classes to a new file.</summary>
    internal void Start(ProfileFile* file)
    {
        _classes = (ProfileSizeClass*)file->BeginRecord(ClassBytes);
        if (_classes != null)
        {
            file->EndRecord(_classes, ProfileRecordKind.SizeClasses, ClassBytes, 0);
        }
    }

    /// <summary>Writes everything.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="always">Whether to add a point to the time series however recent the last one is.</param>
    internal void Write(Recording* recording, bool always)
    {
        ulong start = recording->Clock.Now();
        HeapStatistics heap = ProcessStatistics.ReadUnsettled(_buffer.Classes);
        ProcessMemory memory = ProcessMemory.Read(_buffer.Text);
        ProfileHeader* header = recording->File.Header;
        ulong now = recording->Clock.Now();
        header->Figures = new ProfileFigures
        {
            InUseBytes = heap.InUseBytes,
            InUseBlocks = heap.InUseBlocks,
            UsedBytes = heap.UsedBytes,
            PeakUsedBytes = heap.PeakBytes,
            CommittedBytes = heap.CommittedBytes,
            ResidentBytes = memory.ResidentBytes,
            PeakResidentBytes = memory.PeakResidentBytes,
            Allocations = heap.Allocations,
            Frees = heap.Allocations > heap.InUseBlocks ? heap.Allocations - heap.InUseBlocks : 0,
            AllocatedBytes = heap.RequestedBytes,
            Threads = heap.Threads,
            ProcessorTime = Os.Linux.ProcessorNanoseconds(),
        };
        header->UpdatedTime = now;
        WriteClasses(heap);
        ProfilePoint point = new()
        {
            Time = now,
            LiveBytes = header->Totals.LiveBytes,
            Bytes = header->Totals.Bytes,
            InUseBytes = heap.InUseBytes,
            CommittedBytes = heap.CommittedBytes,
            ResidentBytes = memory.ResidentBytes,
        };
        recording->TimeSeries.Add(point, always);
        _cost = recording->Clock.Now() - start;
    }

    private readonly void WriteClasses(in HeapStatistics heap)
    {
        if (_classes == null)
        {
            return;
        }

        int count = SmallSizes<Geometry>.Count;
        for (int index = 0; index < count; index++)
        {
            SizeClassStatistics* from = &_buffer.Classes[index];
            _classes[index] = new ProfileSizeClass
            {
                BlockSize = from->BlockSize,
                InUseBlocks = from->InUseBlocks,
                Allocations = from->Allocations,
                PageBytes = from->Pages * SmallSizes<Geometry>.SlicesOf(index) << Region.Log2Slice,
            };
        }

        _classes[count] = new ProfileSizeClass
        {
            InUseBlocks = heap.LargeInUseBlocks,
            Allocations = heap.LargeAllocations,
            PageBytes = heap.LargeInUseBytes,
        };
    }
}
