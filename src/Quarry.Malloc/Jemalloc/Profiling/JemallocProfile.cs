namespace Quarry.Malloc;

/// <summary>jemalloc's heap profiling: samples in private memory, from which dumps are written.</summary>
/// <remarks>
/// The recording is the one of profile files, without a file. A process has only one of the two, because a
/// heap has one sampler. It is never released, because the heap keeps pointers to the recorder.
/// </remarks>
internal unsafe struct JemallocProfile
{
    private static JemallocProfile* s_profile;
    private static int s_processId;
    private static bool s_active;
    private static int s_log2Sample;

    private Recording _recording;
    private SampledRecorder _recorder;

    internal static bool IsStarted => s_profile != null;

    /// <summary>
    /// Gets a value that indicates whether the calling process has a recording. A child of <c>vfork</c>,
    /// which runs in the memory of its parent, has none.
    /// </summary>
    internal static bool IsOwn => s_profile != null && s_processId == Os.ProcessId();

    /// <summary>Gets a value that indicates whether blocks are being sampled.</summary>
    internal static bool IsActive => s_active;

    /// <summary>Gets the logarithm of the mean number of bytes between two samples.</summary>
    internal static int Log2Sample => s_log2Sample;

    /// <summary>Gets or sets a value that indicates whether threads that start are sampled.</summary>
    internal static bool StartsThreadsActive
    {
        get => IsStarted && !s_profile->_recording.Threads.MutesNewThreads;
        set => s_profile->_recording.Threads.MutesNewThreads = !value;
    }

    internal static Recording* Recording => &s_profile->_recording;

    internal static SampledRecorder* Recorder => &s_profile->_recorder;

    /// <summary>Starts recording if the option <c>prof</c> is set.</summary>
    /// <returns>Whether <see cref="ProfileDumps.OnProgress"/> is needed.</returns>
    internal static bool Start()
    {
        if (!ProfOptions.IsOn)
        {
            return false;
        }

        JemallocProfile* profile = Profiler.IsStarted ? null : Map();
        if (profile == null)
        {
            JemallocMessage.Write(
                Profiler.IsStarted
                    ? "prof:true has no effect, because QUARRY_PROFILE records this process."u8
                    : "prof:true has no effect: out of memory."u8,
                default, default, isPair: false);
            ProfOptions.TurnOff();
            return false;
        }

        OsSandbox.Note();
        profile->_recording.Threads.MutesNewThreads = !ProfOptions.StartsThreadsActive;
        SampledRecorder.Start(&profile->_recorder, &profile->_recording);
        s_processId = Os.ProcessId();
        s_profile = profile;
        s_log2Sample = ProfOptions.Log2Sample;
        Atomic.Write(ref *profile->_recording.Alive, 1);
        ProfileDumps.Start();
        SetActive(ProfOptions.StartsActive);
        return ProfOptions.DumpsPeaks;
    }

    /// <summary>Starts or ends sampling in all threads that are sampled.</summary>
    internal static void SetActive(bool active)
    {
        s_active = active;
        SetSampler(active
            ? SampledRecorder.Sampler(Recorder, ProfileDump.Interval(s_log2Sample), &OnSampled)
            : null);
    }

    /// <summary>Forgets all samples; returns false if the recorder cannot be entered.</summary>
    internal static bool TryReset(int log2Sample)
    {
        byte frame;
        if (Enter(&frame) == null)
        {
            return false;
        }

        SampledRecorder.Forget(Recorder);
        Recording->Sites.Clear(&Recording->File);
        Exit();
        s_log2Sample = log2Sample;
        ProfileDumps.Start();
        SetActive(s_active);
        return true;
    }

    /// <summary>Enters the recording; null in a signal handler that interrupted the recorder.</summary>
    internal static ThreadRecord* Enter(void* frame) => Quarry.Recording.Enter(Recording, frame);

    internal static void Exit() => Quarry.Recording.Exit(Recording);

    /// <summary>Notes that the calling thread ends, because another one may get its identity.</summary>
    internal static void OnThreadExit()
    {
        byte frame;
        ThreadRecord* thread = IsStarted ? Enter(&frame) : null;
        if (thread != null)
        {
            ThreadTable.End(thread);
            Exit();
        }
    }

    /// <summary>Continues in a forked child, which has a copy of all blocks and samples.</summary>
    internal static void StartInChild()
    {
        if (IsStarted)
        {
            s_processId = Os.ProcessId();
            Quarry.Recording.Continue(Recording);
        }
    }

    private static JemallocProfile* Map()
    {
        JemallocProfile* profile = (JemallocProfile*)Os.Map((nuint)sizeof(JemallocProfile));
        nuint* alive = (nuint*)Os.Map(Os.PageSize);
        StackWalkerOptions options = new()
        {
            FindObject = LibC.FindObject(),
            OwnStart = ImageCode.Start,
            OwnEnd = ImageCode.End,
        };
        StackWalker* walker = StackWalker.TryCreate(options);
        if (profile == null || alive == null || walker == null)
        {
            return null;
        }

        // In a child that no handler prepared, another thread of the parent may have been recording.
        _ = Os.Linux.WipeOnFork(alive, Os.PageSize);
        profile->_recording.Alive = alive;
        profile->_recording.Walker = walker;
        return Quarry.Recording.TryStartPrivate(&profile->_recording, ProfileOptions.MaxBytes)
            ? profile
            : null;
    }

    private static void SetSampler(HeapSampler* sampler)
    {
        HeapState* heap = ProcessHeap.Heap;
        if (heap != null)
        {
            Arenas.SetSampler(heap, sampler);
        }
    }

    private static void* OnSampled(HeapSampler* sampler, void* block, nuint size, nuint usable)
    {
        void* record = SampledRecorder.OnSampled(sampler, block, size, usable);
        if (record != null && ProfOptions.CountsSizes)
        {
            ProfileSizes.Count(size, usable);
        }

        ProfileDumps.OnSampled();
        return record;
    }
}
