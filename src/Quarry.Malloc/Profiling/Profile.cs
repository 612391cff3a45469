using System;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>The profile of a process: the recording, its sources, and commands.</summary>
/// <remarks>
/// Mapped once and never unmapped, because the heap keeps pointers to the recorders. The methods need no
/// lock; they enter the recording.
/// </remarks>
internal unsafe struct Profile
{
    private Recording _recording;
    private ExactRecorder _exact;
    private SampledRecorder _sampled;
    private ProfileMode _lastMode;
    private ProfileUpdates _updates;

    // The last renewal of the lease, and when it was seen.
    private ulong _renewals;
    private ulong _renewalTime;

    internal static Recording* RecordingOf(Profile* profile) => &profile->_recording;

    /// <summary>Maps a profile; null if there is no memory.</summary>
    internal static Profile* Map()
    {
        Profile* profile = (Profile*)Os.Map((nuint)sizeof(Profile));
        nuint* alive = (nuint*)Os.Map(Os.PageSize);
        if (profile == null || alive == null || !profile->_updates.TryMap())
        {
            return null;
        }

        // Kernels before 4.14 lack this: there, a child of a fork without handlers must not allocate.
        _ = Os.Linux.WipeOnFork(alive, Os.PageSize);
        profile->_recording.Alive = alive;
        return profile;
    }

    /// <summary>Starts recording into a new file.</summary>
    internal static void Begin(Profile* profile, HeapState* heap, ProfileMode mode, nuint interval)
    {
        Recording* recording = &profile->_recording;
        recording->Walker = CreateWalker(recording);
        if (recording->Walker == null)
        {
            return;
        }

        profile->_updates.Start(&recording->File);
        ExactRecorder.Initialize(&profile->_exact, heap, recording);
        SampledRecorder.Start(&profile->_sampled, recording);
        profile->_lastMode = ProfileMode.Off;
        OsSandbox.Note();
        Atomic.Write(ref *recording->Alive, 1);
        byte frame;
        if (Recording.Enter(recording, &frame) != null)
        {
            Switch(profile, heap, mode, interval);
            profile->_updates.Write(recording, always: true, read: true);
            Recording.Exit(recording);
        }
    }

    /// <summary>Leaves the file of the parent, in a forked child.</summary>
    /// <returns>What the parent recorded.</returns>
    internal static ProfileMode Leave(Profile* profile, HeapState* heap, out nuint interval)
    {
        Recording* recording = &profile->_recording;
        ProfileMode mode = recording->File.Header->Mode;
        interval = (nuint)recording->File.Header->SampleInterval;
        Stop(heap, mode);
        Recording.Leave(recording);
        return mode;
    }

    /// <summary>Completes the file, at the exit of the process.</summary>
    internal static void End(Profile* profile, byte* path)
    {
        Recording* recording = &profile->_recording;
        byte frame;
        if (Recording.Enter(recording, &frame) == null)
        {
            return;
        }

        bool opens = OsSandbox.MayOpenFiles;
        if (opens)
        {
            ThreadTable.UpdateNames(&recording->Threads);
        }

        profile->_updates.Write(recording, always: true, read: opens);
        ProfileHeader* header = recording->File.Header;
        header->EndTime = recording->Clock.Now();
        header->State = ProfileState.Ended;
        if (opens)
        {
            recording->File.Close(path);
        }

        Recording.Exit(recording);
    }

    /// <summary>Gets the time until the next update, in milliseconds.</summary>
    internal static nuint Period(Profile* profile) => profile->_updates.PeriodMilliseconds;

    /// <summary>Determines whether a controller has written a command.</summary>
    internal static bool HasCommand(Profile* profile)
    {
        ProfileHeader* header = profile->_recording.File.Header;
        return Atomic.Read(ref header->Command) != header->Acknowledged;
    }

    /// <summary>Carries out the command if there is one, and updates the figures.</summary>
    internal static void OnProgress(Profile* profile, HeapState* heap)
    {
        Recording* recording = &profile->_recording;
        byte frame;
        if (Recording.Enter(recording, &frame) == null)
        {
            return;
        }

        // Read after entering: one thread carries out each command. Acquires the argument, which the
        // controller writes first.
        ProfileHeader* header = recording->File.Header;
        ulong command = Atomic.Read(ref header->Command);
        bool commanded = command != header->Acknowledged;
        if (commanded)
        {
            Execute(profile, heap, (ProfileCommand)(byte)command, (nuint)header->CommandArgument);
        }

        bool ended = EndLease(profile, heap, commanded);
        profile->_updates.Write(
            recording, always: commanded || ended, read: commanded && OsSandbox.MayOpenFiles);

        // Last: a controller that reads it sees the effects.
        System.Threading.Volatile.Write(ref header->Acknowledged, command);
        Recording.Exit(recording);
    }

    internal static void OnThreadExit(Profile* profile)
    {
        byte frame;
        ThreadRecord* thread = Recording.Enter(&profile->_recording, &frame);
        if (thread != null)
        {
            ThreadTable.End(thread);
            Recording.Exit(&profile->_recording);
        }
    }

    [SkipLocalsInit]
    internal static void RecordEvent(Profile* profile, nuint weight)
    {
        Recording* recording = &profile->_recording;
        byte frame;
        CallStack stack;
        if (recording->File.Header->Mode != ProfileMode.Off
            && Recording.Enter(recording, &stack, &frame, ProfileStackFlags.AdHoc) != null)
        {
            ulong time = recording->Clock.Now();
            SiteFigures.Reported(Recording.Site(recording, &stack, time), weight, time);
            Recording.Exit(recording, &stack);
        }
    }

    // A new one for each file, because it reports each module once.
    private static StackWalker* CreateWalker(Recording* recording)
    {
        StackWalkerOptions options = new()
        {
            FindObject = LibC.FindObject(),
            OwnStart = ImageCode.Start,
            OwnEnd = ImageCode.End,
            OnModule = &ModuleRecord.OnModule,
            Context = recording,
        };
        return StackWalker.TryCreate(options);
    }

    private static void Execute(Profile* profile, HeapState* heap, ProfileCommand command, nuint argument)
    {
        if (command is ProfileCommand.Sample or ProfileCommand.RecordAll or ProfileCommand.Stop)
        {
            ProfileMode mode = command == ProfileCommand.Sample ? ProfileMode.Sampled
                : command == ProfileCommand.RecordAll ? ProfileMode.Exact
                : ProfileMode.Off;
            Switch(profile, heap, mode, argument == 0 ? ProfileOptions.DefaultInterval : argument);
        }
        else if (command == ProfileCommand.Update && OsSandbox.MayOpenFiles)
        {
            ThreadTable.UpdateNames(&profile->_recording.Threads);
        }
    }

    /// <summary>Returns to the mode before the lease if the controller is gone.</summary>
    private static bool EndLease(Profile* profile, HeapState* heap, bool commanded)
    {
        ProfileHeader* header = profile->_recording.File.Header;
        ulong lease = Atomic.Read(ref header->Lease);
        ulong now = profile->_recording.Clock.Now();
        ulong renewals = Atomic.Read(ref header->LeaseRenewals);
        if (lease == 0 || commanded || renewals != profile->_renewals)
        {
            profile->_renewals = renewals;
            profile->_renewalTime = now;
            return false;
        }

        const ulong NanosecondsPerMillisecond = 1_000_000;
        if ((now - profile->_renewalTime) / NanosecondsPerMillisecond < lease)
        {
            return false;
        }

        Switch(profile, heap, header->LeaseEndMode, (nuint)header->LeaseEndInterval);
        header->Lease = 0;
        return true;
    }

    private static void Switch(Profile* profile, HeapState* heap, ProfileMode mode, nuint interval)
    {
        Recording* recording = &profile->_recording;
        ProfileHeader* header = recording->File.Header;
        if (mode == header->Mode && (mode != ProfileMode.Sampled || interval == header->SampleInterval))
        {
            return;
        }

        Stop(heap, header->Mode);
        interval = interval < SampleDraw.MaxInterval ? interval : unchecked((nuint)SampleDraw.MaxInterval);
        bool afterExact = profile->_lastMode == ProfileMode.Exact;
        if (mode == ProfileMode.Exact || (mode == ProfileMode.Sampled && afterExact))
        {
            // Blocks that one mode has recorded are not reported to the other one when they are freed.
            ExactRecorder.Forget(&profile->_exact);
            SampledRecorder.Forget(&profile->_sampled);
            recording->Sites.Forget(&recording->File);
        }

        if (mode == ProfileMode.Exact)
        {
            Arenas.SetObserver(heap, ExactRecorder.Observer(&profile->_exact));
        }
        else if (mode == ProfileMode.Sampled)
        {
            StartSampling(profile, heap, interval);
        }

        profile->_lastMode = mode == ProfileMode.Off ? profile->_lastMode : mode;
        header->ModeTime = recording->Clock.Now();
        header->Mode = mode;
    }

    private static void StartSampling(Profile* profile, HeapState* heap, nuint interval)
    {
        ProfileHeader* header = profile->_recording.File.Header;
        header->SampleInterval = interval;
        header->LargestInterval = interval;
        HeapSampler* sampler = SampledRecorder.Sampler(&profile->_sampled, interval);
        if (interval >= ProfileOptions.DefaultInterval && interval <= ProfileOptions.LargestInterval)
        {
            SampledRecorder.LimitRate(&profile->_sampled, ProfileOptions.LargestInterval, &ChangeInterval);
        }

        Arenas.SetSampler(heap, sampler);
    }

    /// <summary>Samples with another interval. The caller has entered the recording.</summary>
    private static void ChangeInterval(HeapSampler* sampler)
    {
        ProfileHeader* header = Profiler.Header;

        // A thread that has not noticed the end of sampling may be the caller.
        if (header->Mode == ProfileMode.Sampled)
        {
            header->LargestInterval = Math.Max(header->LargestInterval, sampler->Interval);
            Arenas.SetSampler(ProcessHeap.Heap, sampler);
        }
    }

    private static void Stop(HeapState* heap, ProfileMode mode)
    {
        if (mode == ProfileMode.Exact)
        {
            Arenas.SetObserver(heap, null);
        }
        else if (mode == ProfileMode.Sampled)
        {
            Arenas.SetSampler(heap, null);
        }
    }
}
