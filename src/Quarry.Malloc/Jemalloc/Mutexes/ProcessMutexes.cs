namespace Quarry.Malloc;

/// <summary>The statistics of the locks of the process, as they were when the epoch was written last.
/// </summary>
internal static unsafe class ProcessMutexes
{
    private static LockStatistics s_background, s_backgroundStep, s_controls, s_profiling;

    /// <summary>Copies the present statistics.</summary>
    internal static void Take()
    {
        s_background = BackgroundThread.SwitchStatistics;
        s_backgroundStep = BackgroundThread.StepStatistics;
        s_controls = Arenas.LockStatistics;
        s_profiling = JemallocProfile.IsStarted
            ? JemallocProfile.Recording->Lock.Statistics
            : default;
    }

    /// <summary>Returns the statistics of a lock; zeros for one that does not exist here.</summary>
    internal static LockStatistics Of(nuint index) => (int)index switch
    {
        MutexNames.Background => s_background,
        MutexNames.BackgroundStep => s_backgroundStep,
        MutexNames.Controls => s_controls,
        MutexNames.Profiling => s_profiling,
        _ => default,
    };

    /// <summary>Sets the present statistics of all locks to zero, those of arenas as well.</summary>
    internal static int Reset()
    {
        BackgroundThread.ResetStatistics();
        Arenas.ResetLockStatistics();
        byte frame;
        if (JemallocProfile.IsStarted && JemallocProfile.Enter(&frame) != null)
        {
            JemallocProfile.Recording->Lock.ResetStatistics();
            JemallocProfile.Exit();
        }

        return MallctlError.None;
    }
}
