using System;
using System.Runtime;
using System.Threading;

namespace Quarry.Malloc;

/// <summary>Records a profile of this process in a file.</summary>
/// <remarks>
/// <para>
/// The environment variable <c>QUARRY_PROFILE</c> is the prefix of the file's path. Without it nothing is
/// mapped, and the heap has neither an observer nor a sampler. The process keeps no descriptor, starts no
/// thread and uses no signal: commands in the header of the file are carried out in slow paths of the heap.
/// </para>
/// <para>
/// A child of <c>fork</c> has a file of its own. A child of <c>vfork</c>, which runs in the memory of its
/// parent, has none.
/// </para>
/// </remarks>
internal static unsafe class Profiler
{
    /// <summary>The error number if another thread is creating a file.</summary>
    internal const nint Busy = -16;

    /// <summary>The error number (EALREADY) of a process with jemalloc's <c>prof:true</c>.</summary>
    internal const nint Sampled = -114;

    // Processes with the same ID that wrote to the same folder.
    private const nuint MaxFilesPerId = 100;

    private const nint NoMemory = -12, NameTooLong = -36;

    private static ProfilePath* s_path;
    private static Profile* s_profile;
    private static bool s_loaded;

    // 0 if nothing is recorded.
    private static int s_processId;
    private static nuint s_due;

    // The process that is creating a file at run time; 0 if none is.
    private static nuint s_attaching;
    private static bool s_attached;

    /// <summary>Gets the header of the file. The caller has entered the recording.</summary>
    internal static ProfileHeader* Header => Profile.RecordingOf(s_profile)->File.Header;

    /// <summary>Gets a value that indicates whether there is a file.</summary>
    /// <remarks>An acquire: the profile is read behind it. Pairs with the release in Create.</remarks>
    internal static bool IsStarted => Volatile.Read(ref s_processId) != 0;

    /// <summary>
    /// Reads <c>QUARRY_PROFILE</c> when the library is loaded, for the reasons of <see
    /// cref="StatisticsFile.OnLoad"/>, and creates the file even if the program never allocates.
    /// </summary>
    [RuntimeExport("quarry_profile_at_load")]
    internal static void OnLoad()
    {
        ReadPath();
        if (s_path != null)
        {
            _ = ProcessHeap.Ensure(ThreadWord.ProcessHeap);
        }
    }

    /// <summary>Creates the file for a new heap and starts recording.</summary>
    /// <returns>Whether <see cref="OnProgress"/> is needed.</returns>
    internal static bool Start(HeapState* heap)
    {
        // A library that was initialized earlier may make the first allocation before OnLoad is called.
        ReadPath();
        if (s_path == null || !IsWanted())
        {
            return false;
        }

        s_profile = Profile.Map();
        if (s_profile == null)
        {
            Report("out of memory"u8);
            return false;
        }

        nint error = Create(heap, ProfileOptions.Mode, ProfileOptions.Interval);
        if (error != 0)
        {
            ReportError(error);
        }

        return error == 0;
    }

    /// <summary>
    /// Creates a file that waits for a command, in a process without one. The process deletes it at exit.
    /// </summary>
    /// <returns>
    /// 0, or the negated error number; <see cref="ProfileFile.Exists"/> if there is a file.
    /// </returns>
    internal static nint Attach(HeapState* heap, byte* prefix)
    {
        // The ID of the process, so that a thread of the parent does not count in a forked child.
        nuint owner = Atomic.Read(ref s_attaching);
        nuint self = (nuint)Os.ProcessId();
        if (owner == self || !Atomic.TryReplace(ref s_attaching, owner, self))
        {
            return Busy;
        }

        nint error = IsStarted ? ProfileFile.Exists
            : JemallocProfile.IsStarted ? Sampled
            : TryAttach(heap, prefix);
        Atomic.Write(ref s_attaching, 0);
        return error;
    }

    /// <summary>Creates the file of a forked child, which records what its parent recorded.</summary>
    internal static void StartInChild(HeapState* heap)
    {
        if (s_processId == 0)
        {
            return;
        }

        ProfileMode mode = Profile.Leave(s_profile, heap, out nuint interval);
        s_processId = 0;

        // Who attached to the parent did not ask for its children.
        nint error = IsWanted() && !s_attached ? Create(heap, mode, interval) : 0;
        s_attached = false;
        if (error != 0)
        {
            ReportError(error);
        }
    }

    [RuntimeExport("quarry_profile_at_exit")]
    internal static void AtExit()
    {
        if (IsRecorded())
        {
            Profile.End(s_profile, ProfilePath.Text(s_path));
            if (s_attached)
            {
                OsFile.Delete(ProfilePath.Text(s_path));
            }
        }
    }

    /// <summary>Carries out a command, and updates the figures if they are due.</summary>
    internal static void OnProgress(HeapState* heap, nuint now)
    {
        if (!IsStarted)
        {
            return;
        }

        nuint due = Atomic.Read(ref s_due);
        bool isDue = now >= due && Atomic.TryReplace(ref s_due, due, now + Profile.Period(s_profile));
        if ((isDue || Profile.HasCommand(s_profile)) && IsRecorded())
        {
            Profile.OnProgress(s_profile, heap);
        }
    }

    /// <summary>Notes that the calling thread ends, because another one may get its identity.</summary>
    internal static void OnThreadExit()
    {
        if (IsStarted)
        {
            Profile.OnThreadExit(s_profile);
        }
    }

    /// <summary>Adds an ad hoc event at the caller's stack.</summary>
    internal static void RecordEvent(nuint weight)
    {
        if (IsStarted)
        {
            Profile.RecordEvent(s_profile, weight);
        }
    }

    private static bool IsRecorded() => IsStarted && s_processId == Os.ProcessId();

    private static bool IsWanted() =>
        ProfileOptions.Parent == 0 || ProfileOptions.Parent == (nuint)Os.ParentProcessId();

    private static void ReadPath()
    {
        if (s_loaded)
        {
            return;
        }

        s_loaded = true;
        byte* prefix = ProcessEnvironment.Find("QUARRY_PROFILE"u8);
        ProfilePath* path = prefix == null || *prefix == 0
            ? null
            : (ProfilePath*)Os.Map((nuint)sizeof(ProfilePath));
        if (path != null && !ProfilePath.TrySetPrefix(path, prefix))
        {
            Report("the path is too long"u8);
            path = null;
        }

        s_path = path;
    }

    private static nint TryAttach(HeapState* heap, byte* prefix)
    {
        // Kept for the next attempt, in case that this one fails.
        s_profile = s_profile != null ? s_profile : Profile.Map();
        s_path = s_path != null ? s_path : (ProfilePath*)Os.Map((nuint)sizeof(ProfilePath));
        if (s_profile == null || s_path == null)
        {
            return NoMemory;
        }

        Memory.Clear(s_path, (nuint)sizeof(ProfilePath));
        if (!ProfilePath.TrySetPrefix(s_path, prefix))
        {
            return NameTooLong;
        }

        // Before the file is published: the thread that ends the process reads it then.
        s_attached = true;
        nint error = Create(heap, ProfileMode.Off, ProfileOptions.DefaultInterval);
        s_attached = error == 0;
        if (s_attached)
        {
            // After the file is published. Pairs with HeapCallbacks.OnProgress.
            _ = Atomic.Exchange(ref heap->WantsProgress, 1);
        }

        return error;
    }

    private static nint Create(HeapState* heap, ProfileMode mode, nuint interval)
    {
        int processId = Os.ProcessId();
        nint error = ProfileFile.Exists;
        for (nuint number = 0; error == ProfileFile.Exists && number < MaxFilesPerId; number++)
        {
            ProfilePath.SetProcess(s_path, processId, number);
            error = Recording.Start(
                Profile.RecordingOf(s_profile), ProfilePath.Text(s_path), ProfileOptions.MaxBytes);
        }

        if (error == 0)
        {
            Profile.Begin(s_profile, heap, mode, interval);

            // Last: other threads use the profile then. Pairs with IsStarted.
            Volatile.Write(ref s_processId, processId);
        }

        return error;
    }

    private static void ReportError(nint error)
    {
        const nint NotPermitted = -1, NoEntry = -2, Denied = -13, NotFolder = -20;
        const nint FileTooBig = -27, ReadOnly = -30, OverQuota = -122;
        Report(error switch
        {
            NotPermitted or Denied => "no permission to create the file"u8,
            ReadOnly => "the file system is read-only"u8,
            NoEntry or NotFolder => "no such folder"u8,
            NoMemory => "out of memory"u8,
            FileTooBig => "the limit on the size of files is too low"u8,
            OverQuota or (ProfileFile.NoSpace) => "no space for the file"u8,
            _ => "cannot create the file"u8,
        });
    }

    private static void Report(ReadOnlySpan<byte> problem)
    {
        const int LongestPath = 150;
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("quarry: QUARRY_PROFILE: "u8);
        text.Append(problem);
        if (s_path != null)
        {
            text.Append(" '"u8);
            byte* path = ProfilePath.Text(s_path);
            for (int at = 0; path[at] != 0 && at < LongestPath; at++)
            {
                text.Append(path[at]);
            }

            text.Append((byte)'\'');
        }

        text.Append("; no profile is recorded\n"u8);
        StandardError.Write(ref text);
    }
}
