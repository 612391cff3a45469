using System;

namespace Quarry.Malloc;

/// <summary>Writes the figures of the heap, the size classes and the time series into the file.</summary>
/// <remarks>The caller has entered the recording.</remarks>
internal unsafe struct ProfileUpdates
{
    private const ulong LeastPeriod = 50_000_000;

    // Updates take at most this share of the time, a quarter of a percent. Most of an update is the kernel's
    // count of the resident pages: 0.1 ms and more for a heap of some hundred megabytes.
    private const ulong Share = 400;

    // A first guess of what an update costs.
    private const ulong SmallCost = 50_000;

    private ReportBuffer _buffer;
    private ProfileSizeClass* _classes;
    private ulong _cost;

    private ProcessMemory _memory;
    private nuint _heapResident;
    private nuint _peakUsage;

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
    /// <param name="read">Whether to read the memory of the process, for which a file is opened.</param>
    internal void Write(Recording* recording, bool always, bool read)
    {
        ulong start = recording->Clock.Now();
        HeapStatistics heap = ProcessStatistics.ReadUnsettled(_buffer.Classes);
        ulong processorTime = Os.Linux.ProcessorNanoseconds(out ulong peakUsage);
        UpdateMemory(heap.ResidentBytes, (nuint)peakUsage, read);
        ProfileHeader* header = recording->File.Header;
        ulong now = recording->Clock.Now();
        header->Figures = new ProfileFigures
        {
            InUseBytes = heap.InUseBytes,
            InUseBlocks = heap.InUseBlocks,
            UsedBytes = heap.UsedBytes,
            PeakUsedBytes = heap.PeakBytes,
            CommittedBytes = heap.CommittedBytes,
            ResidentBytes = _memory.ResidentBytes,
            PeakResidentBytes = _memory.PeakResidentBytes,
            Allocations = heap.Allocations,
            Frees = heap.Allocations > heap.InUseBlocks ? heap.Allocations - heap.InUseBlocks : 0,
            AllocatedBytes = heap.RequestedBytes,
            Threads = heap.Threads,
            ProcessorTime = processorTime,
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
            ResidentBytes = _memory.ResidentBytes,
        };
        recording->TimeSeries.Add(point, always);

        // At most twice as much as before, because another thread may have run meanwhile.
        _cost = Math.Min(recording->Clock.Now() - start, 2 * Math.Max(_cost, SmallCost));
    }

    /// <summary>Reads the memory of the process, or else estimates it.</summary>
    /// <remarks>
    /// A program may have given up the right to open files, and a filter of system calls may end it at the
    /// attempt. So the file is read only at the start, at a command and at exit. In between, a new peak is
    /// the resident memory of that moment, and otherwise it changes as that of the heap does.
    /// </remarks>
    private void UpdateMemory(nuint heapResident, nuint peakUsage, bool read)
    {
        if (read)
        {
            ProcessMemory memory = ProcessMemory.Read(_buffer.Text);
            _memory = memory.ResidentBytes != 0 ? memory : _memory;
        }
        else if (peakUsage > _peakUsage)
        {
            _memory.ResidentBytes = peakUsage;
        }
        else
        {
            nuint others = _memory.ResidentBytes - Math.Min(_memory.ResidentBytes, _heapResident);
            _memory.ResidentBytes = others + heapResident;
        }

        _memory.PeakResidentBytes = Math.Max(_memory.PeakResidentBytes, _memory.ResidentBytes);
        _heapResident = heapResident;
        _peakUsage = peakUsage;
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
