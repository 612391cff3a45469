namespace Quarry.Malloc;

/// <summary>jemalloc's heap profiling: samples in private memory, from which dumps are written.</summary>
/// <remarks>
/// The recording is the one of profile files, without a file. A process has only one of the two, because a
/// heap has one sampler. It is never released, because the heap keeps pointers to the recorder.
/// </remarks>
internal unsafe struct JemallocProfile
{
    private static nuint s_profile;
    private static int s_processId;

    // Both are written inside the recording; reading them needs no order.
    private static bool s_active;
    private static int s_log2Sample;

    private Recording _recording;
    private SampledRecorder _recorder;

    internal static bool IsStarted => Started != null;

    /// <summary>
    /// Gets a value that indicates whether the calling process has a recording. A child of <c>vfork</c>,
    /// which runs in the memory of its parent, has none.
    /// </summary>
    internal static bool IsOwn => IsStarted && s_processId == Os.ProcessId();

    /// <summary>Gets a value that indicates whether blocks are being sampled.</summary>
    internal static bool IsActive => s_active;

    /// <summary>Gets the logarithm of the mean number of bytes between two samples.</summary>
    internal static int Log2Sample => s_log2Sample;

    /// <summary>Gets or sets a value that indicates whether threads that start are sampled.</summary>
    internal static bool StartsThreadsActive
    {
        get => IsStarted && !Started->_recording.Threads.MutesNewThreads;
        set => Started->_recording.Threads.MutesNewThreads = !value;
    }

    internal static Recording* Recording => &Started->_recording;

    internal static SampledRecorder* Recorder => &Started->_recorder;

    // An acquire: the process ID is read behind it. Pairs with the release in Start.
    private static JemallocProfile* Started => (JemallocProfile*)Atomic.Read(ref s_profile);

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
        s_log2Sample = ProfOptions.Log2Sample;
        Atomic.Write(ref *profile->_recording.Alive, 1);

        // Last: other threads use the profile then. Pairs with Started.
        Atomic.Write(ref s_profile, (nuint)profile);
        ProfileDumps.Start();
        SetActive(ProfOptions.StartsActive);
        return ProfOptions.DumpsPeaks;
    }

    /// <summary>
    /// Starts or ends sampling in all threads that are sampled; returns false if the recorder cannot be
    /// entered.
    /// </summary>
    internal static bool TrySetActive(bool active)
    {
        byte frame;
        if (Enter(&frame) == null)
        {
            return false;
        }

        SetActive(active);
        Exit();
        return true;
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
        s_log2Sample = log2Sample;
        ProfileDumps.Start();
        SetActive(s_active);
        Exit();
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

    // Inside the recording, so that the last of several threads determines the switch and the sampler.
    private static void SetActive(bool active)
    {
        s_active = active;
        HeapSampler* sampler = active
            ? SampledRecorder.Sampler(Recorder, ProfileDump.Interval(s_log2Sample), &OnSampled)
            : null;
        Arenas.SetSampler(ProcessHeap.Heap, sampler);
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
