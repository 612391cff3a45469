using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Records a random sample of the blocks: a sampler of the heap.</summary>
/// <remarks>
/// <para>
/// The heap keeps the record with the block and passes it back when the block is freed, even after sampling
/// has ended, and in a child of <c>fork</c>. Records therefore have memory of their own, which is never
/// released, and the number of the recording to which they belong.
/// </para>
/// <para>
/// A free that cannot enter, in a signal handler that interrupted the recorder, leaves its record in a list
/// for the next event.
/// </para>
/// </remarks>
internal unsafe struct SampledRecorder
{
    private HeapSampler _sampler;
    private Recording* _recording;
    private PrivateMemory _memory;
    private SampleRecord* _unused;
    private SampleRecord* _last;
    private nuint _pending;
    private uint _generation;
    private SampleRate _rate;
    private delegate*<HeapSampler*, void> _install;

    /// <summary>Sets the recording; records of an earlier one are ignored from now on.</summary>
    internal static void Start(SampledRecorder* recorder, Recording* recording)
    {
        recorder->_recording = recording;
        recorder->_generation++;
    }

    /// <summary>Forgets all blocks. The caller has entered the recording.</summary>
    internal static void Forget(SampledRecorder* recorder) => recorder->_generation++;

    /// <summary>Sets the interval, and returns the sampler to install.</summary>
    internal static HeapSampler* Sampler(SampledRecorder* recorder, nuint interval) =>
        Sampler(recorder, interval, &OnSampled);

    /// <summary>Sets the interval, and returns the sampler to install.</summary>
    /// <param name="recorder">The recorder.</param>
    /// <param name="interval">The mean number of bytes between two samples.</param>
    /// <param name="sampled">A function that calls <see cref="OnSampled"/>.</param>
    internal static HeapSampler* Sampler(
        SampledRecorder* recorder, nuint interval,
        delegate*<HeapSampler*, void*, nuint, nuint, void*> sampled)
    {
        recorder->_sampler = new HeapSampler(interval, sampled, &OnResized, &OnFreed);
        recorder->_install = null;
        return &recorder->_sampler;
    }

    /// <summary>
    /// Lets the interval grow while there are more samples than <see cref="SampleRate.MaxPerSecond"/>. The
    /// caller has entered the recording.
    /// </summary>
    /// <param name="recorder">The recorder.</param>
    /// <param name="largest">The largest interval.</param>
    /// <param name="install">Installs the sampler again, with another interval.</param>
    internal static void LimitRate(
        SampledRecorder* recorder, nuint largest, delegate*<HeapSampler*, void> install)
    {
        recorder->_rate = new SampleRate(
            recorder->_sampler.Interval, largest, recorder->_recording->Clock.Now());
        recorder->_install = install;
    }

    /// <summary>Copies the samples in use. The caller has entered the recording.</summary>
    /// <param name="recorder">The recorder.</param>
    /// <param name="count">The number of samples.</param>
    /// <returns>Mapped memory; null if there is none.</returns>
    internal static LiveSample* CopyLive(SampledRecorder* recorder, out nuint count)
    {
        FreePending(recorder);
        count = 0;
        for (SampleRecord* record = recorder->_last; record != null; record = record->Previous)
        {
            count += record->Generation == recorder->_generation ? 1u : 0;
        }

        // Room for one more, because an empty range cannot be mapped.
        LiveSample* copies = (LiveSample*)Os.Map(LiveSample.MappedBytes(count));
        LiveSample* next = copies;
        for (SampleRecord* record = recorder->_last; copies != null && record != null;
            record = record->Previous)
        {
            if (record->Generation == recorder->_generation)
            {
                *next++ = new LiveSample
                {
                    ThreadId = record->ThreadId,
                    Site = record->Site,
                    Usable = record->Usable,
                    Size = (nuint)record->Amount.Size,
                    Blocks = record->Amount.Blocks,
                };
            }
        }

        return copies;
    }

    /// <summary>Records a sampled block.</summary>
    [SkipLocalsInit]
    internal static void* OnSampled(HeapSampler* sampler, void* block, nuint size, nuint usable)
    {
        SampledRecorder* recorder = (SampledRecorder*)sampler;
        Recording* recording = recorder->_recording;
        byte frame;
        CallStack stack;
        ThreadRecord* thread = Recording.Enter(recording, &stack, &frame);
        if (thread == null)
        {
            return null;
        }

        FreePending(recorder);
        SampleRecord* record = thread->IsMuted ? null : TakeUnused(recorder);
        if (record == null)
        {
            recording->File.Header->Losses.NoRoom += thread->IsMuted ? 0u : 1u;
        }
        else
        {
            ulong time = recording->Clock.Now();
            nuint interval = recorder->_sampler.Interval;
            ProfileSite* site = Recording.Site(recording, &stack, time);
            *record = new SampleRecord
            {
                Previous = record->Previous,
                ThreadId = (uint)thread->ThreadId,
                Site = SiteNumber.Of((byte*)recording->File.Header, site),
                Generation = recorder->_generation,
                Time = time,
                Usable = usable,
                Drawn = usable,
                Interval = interval,
                Amount = SiteAmount.OfSample(size, usable, usable, interval),
            };
            SiteFigures.Allocated(recording->File.Header, site, thread->Entry, record->Amount, time);
            if (recorder->_install != null)
            {
                Adjust(recorder, time);
            }
        }

        Recording.Exit(recording, &stack);
        return record;
    }

    private static void Adjust(SampledRecorder* recorder, ulong time)
    {
        nuint interval = recorder->_rate.Next(recorder->_sampler.Interval, time);
        if (interval != recorder->_sampler.Interval)
        {
            // The functions stay the same, so another thread may read them meanwhile. If it records a block
            // that it drew before, the block counts by the new interval: one in many thousands.
            recorder->_sampler = new HeapSampler(
                interval, recorder->_sampler.Sampled, recorder->_sampler.Resized, recorder->_sampler.Freed);
            recorder->_install(&recorder->_sampler);
        }
    }

    private static void OnResized(HeapSampler* sampler, void* record, nuint size, nuint usable)
    {
        SampledRecorder* recorder = (SampledRecorder*)sampler;
        Recording* recording = recorder->_recording;
        byte frame;
        ThreadRecord* thread = Recording.Enter(recording, &frame);
        if (thread == null)
        {
            return;
        }

        SampleRecord* resized = (SampleRecord*)record;
        if (resized->Generation == recorder->_generation)
        {
            // Each byte that was ever added could be chosen.
            resized->Drawn += usable > resized->Usable ? usable - resized->Usable : 0;
            resized->Usable = usable;
            SiteAmount amount = SiteAmount.OfSample(size, usable, resized->Drawn, resized->Interval);
            ProfileSite* site = SiteNumber.ToSite((byte*)recording->File.Header, resized->Site);
            SiteFigures.Resized(
                recording->File.Header, site, thread->Entry, resized->Amount, amount, resized->Time,
                recording->Clock.Now());
            resized->Amount = amount;
        }

        Recording.Exit(recording);
    }

    private static void OnFreed(HeapSampler* sampler, void* record)
    {
        SampledRecorder* recorder = (SampledRecorder*)sampler;
        byte frame;
        ThreadRecord* thread = Recording.Enter(recorder->_recording, &frame);
        if (thread == null)
        {
            Postpone(recorder, (SampleRecord*)record);
            return;
        }

        FreePending(recorder);
        Free(recorder, (SampleRecord*)record, thread->Entry);
        Recording.Exit(recorder->_recording);
    }

    private static void Free(SampledRecorder* recorder, SampleRecord* record, ProfileThread* thread)
    {
        Recording* recording = recorder->_recording;
        if (record->Generation == recorder->_generation)
        {
            ProfileSite* site = SiteNumber.ToSite((byte*)recording->File.Header, record->Site);
            SiteFigures.Freed(
                recording->File.Header, site, thread, record->Amount, record->Time, recording->Clock.Now());
        }

        record->Generation = 0;
        record->Next = recorder->_unused;
        recorder->_unused = record;
    }

    private static void FreePending(SampledRecorder* recorder)
    {
        if (Atomic.Read(ref recorder->_pending) == 0)
        {
            return;
        }

        // Acquires the links, which Postpone has written before its exchanges.
        SampleRecord* record = (SampleRecord*)Atomic.Exchange(ref recorder->_pending, 0);
        while (record != null)
        {
            SampleRecord* next = record->Next;
            Free(recorder, record, null);
            record = next;
        }
    }

    private static void Postpone(SampledRecorder* recorder, SampleRecord* record)
    {
        nuint first;
        do
        {
            first = Atomic.Read(ref recorder->_pending);
            record->Next = (SampleRecord*)first;
        }
        while (!Atomic.TryReplace(ref recorder->_pending, first, (nuint)record));
    }

    private static SampleRecord* TakeUnused(SampledRecorder* recorder)
    {
        SampleRecord* record = recorder->_unused;
        if (record != null)
        {
            recorder->_unused = record->Next;
            return record;
        }

        record = (SampleRecord*)recorder->_memory.Allocate((nuint)sizeof(SampleRecord));
        if (record != null)
        {
            record->Previous = recorder->_last;
            recorder->_last = record;
        }

        return record;
    }
}
