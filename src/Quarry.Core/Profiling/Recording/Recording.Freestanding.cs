using System.Runtime.CompilerServices;
using System.Threading;

namespace Quarry;

/// <summary>The recording of a process: its file, and the tables by which events find their sites.</summary>
/// <remarks>
/// An event captures its call stack, enters the <see cref="SiteLock"/>, changes the figures in the file, and
/// leaves. <see cref="Alive"/> is in memory that reads as zero in a child of <c>fork</c>, so that a child
/// that no handler prepared does not write to the file of its parent.
/// </remarks>
internal unsafe struct Recording
{
    internal ProfileFile File;
    internal SiteLock Lock;
    internal TickClock Clock;
    internal SiteTable Sites;
    internal ThreadTable Threads;
    internal TimeSeries TimeSeries;
    internal PrivateMemory Memory;
    internal StackWalker* Walker;
    internal nuint* Alive;

    private int _processId;
    private CallStack _scratch;

    /// <summary>Creates the file with its first records.</summary>
    /// <param name="recording">Zeroed memory, or a recording that has ended.</param>
    /// <param name="path">The path.</param>
    /// <param name="maxBytes">The most bytes that the file may use.</param>
    /// <returns>0, or the negated error number.</returns>
    internal static nint Start(Recording* recording, byte* path, nuint maxBytes)
    {
        recording->_processId = Os.ProcessId();
        recording->Lock.Reset(recording->_processId);
        nint error = recording->File.Create(path, maxBytes);
        if (error != 0)
        {
            return error;
        }

        recording->Clock.Reset();
        ProfileHeader* header = recording->File.Header;
        header->ProcessId = recording->_processId;
        header->ParentId = Os.ParentProcessId();
        header->StartTime = Os.Linux.RealTimeNanoseconds();
        header->StartMonotonic = recording->Clock.Start;
        header->State = ProfileState.Running;
        ProgramRecord.Append(&recording->File);
        bool started = recording->Sites.TryStart(
                &recording->File, &recording->Memory, &recording->_scratch)
            && recording->TimeSeries.TryStart(&recording->File);
        if (!started)
        {
            OsFile.Delete(path);
            recording->File.Unmap();
            return ProfileFile.NoSpace;
        }

        // Last: the file has all that a reader needs.
        Volatile.Write(ref header->Signature, ProfileHeader.ExpectedSignature);
        return 0;
    }

    /// <summary>Starts in private memory, without a file; returns false if there is no memory.</summary>
    /// <param name="recording">Zeroed memory.</param>
    /// <param name="maxBytes">The most bytes that may be used.</param>
    internal static bool TryStartPrivate(Recording* recording, nuint maxBytes)
    {
        recording->_processId = Os.ProcessId();
        recording->Lock.Reset(recording->_processId);
        if (!recording->File.TryMapPrivate(maxBytes))
        {
            return false;
        }

        recording->Clock.Reset();
        return recording->Sites.TryStart(&recording->File, &recording->Memory, &recording->_scratch);
    }

    /// <summary>Continues a recording in private memory, in a forked child, which has a copy of it.</summary>
    internal static void Continue(Recording* recording)
    {
        recording->_processId = Os.ProcessId();
        recording->Lock.Reset(recording->_processId);
        ThreadTable.EndAll(&recording->Threads);
        Atomic.Write(ref *recording->Alive, 1);
    }

    /// <summary>
    /// Releases the memory of a recording that belongs to the parent, in a forked child. The file stays as it
    /// is.
    /// </summary>
    internal static void Leave(Recording* recording)
    {
        nuint* alive = recording->Alive;
        Atomic.Write(ref *alive, 0);
        Os.Unmap(recording->Walker, Layout.AlignUp(StackWalker.Bytes, Os.PageSize));
        recording->File.Unmap();
        recording->Memory.Release();
        *recording = default;
        recording->Alive = alive;
    }

    /// <summary>Captures the caller's stack and enters; returns null if the event is lost.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="stack">The stack; set if the result is not null.</param>
    /// <param name="frame">The address of a local variable of the caller.</param>
    /// <param name="kind">The kind of the site.</param>
    internal static ThreadRecord* Enter(
        Recording* recording, CallStack* stack, void* frame, ProfileStackFlags kind = ProfileStackFlags.None)
    {
        if (Atomic.Read(ref *recording->Alive) == 0)
        {
            return null;
        }

        // Before the walk, which reports a module only once.
        nuint token = ThreadToken.Current;
        ThreadRecord* thread = ThreadTable.Find(&recording->Threads, token);
        if (thread != null && recording->Lock.IsInterrupted(thread->ThreadId, frame))
        {
            CountNested(recording);
            return null;
        }

        StackCapture.Capture(recording->Walker, thread == null ? null : thread->Stack, stack, kind);
        thread = Enter(recording, thread, token, frame);
        if (thread == null)
        {
            CallStack.Leave(stack);
        }

        return thread;
    }

    /// <summary>Enters the recording; returns null if the event is lost.</summary>
    /// <remarks>
    /// <see cref="Alive"/> is written last when a recording starts, with release, and read first, with
    /// acquire: what the event reads before it has the lock is initialized then.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ThreadRecord* Enter(Recording* recording, void* frame)
    {
        if (Atomic.Read(ref *recording->Alive) == 0)
        {
            return null;
        }

        nuint token = ThreadToken.Current;
        return Enter(recording, ThreadTable.Find(&recording->Threads, token), token, frame);
    }

    internal static void Exit(Recording* recording) => recording->Lock.Exit();

    /// <summary>Leaves the recording and the stack with which it was entered.</summary>
    internal static void Exit(Recording* recording, CallStack* stack)
    {
        recording->Lock.Exit();
        CallStack.Leave(stack);
    }

    /// <summary>Returns the site of a stack. The caller has entered.</summary>
    internal static ProfileSite* Site(Recording* recording, CallStack* stack, ulong time) =>
        recording->Sites.Get(&recording->File, &recording->Memory, stack, time);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ThreadRecord* Enter(Recording* recording, ThreadRecord* thread, nuint token, void* frame)
    {
        if (thread == null)
        {
            return EnterFirst(recording, token, frame);
        }

        if (recording->Lock.TryEnter(thread->ThreadId, frame))
        {
            return thread;
        }

        CountNested(recording);
        return null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ThreadRecord* EnterFirst(Recording* recording, nuint token, void* frame)
    {
        // A child of vfork has an ID of its own, which means nothing to the threads of its parent.
        int threadId = Os.ThreadId();
        if (Os.ProcessId() != recording->_processId)
        {
            return null;
        }

        if (!recording->Lock.TryEnter(threadId, frame))
        {
            CountNested(recording);
            return null;
        }

        ThreadRecord* thread = ThreadTable.Add(
            &recording->Threads, &recording->File, &recording->Memory, token, threadId,
            recording->Clock.Now());
        if (thread == null)
        {
            recording->File.Header->Losses.NoRoom++;
            recording->Lock.Exit();
        }

        return thread;
    }

    private static void CountNested(Recording* recording) =>
        _ = Interlocked.Add(ref recording->File.Header->Losses.Nested, 1);
}
