namespace Quarry.Profiles;

/// <summary>Specifies what a process is asked to do by <see cref="ProfileController"/>.</summary>
public enum RecordingCommand
{
    /// <summary>Starts sampling; the argument is the mean number of bytes between samples.</summary>
    Sample = 1,

    /// <summary>Starts recording every allocation.</summary>
    RecordAll = 2,

    /// <summary>Stops recording. What was recorded stays.</summary>
    Stop = 3,

    /// <summary>Updates the statistics and the size classes in the file.</summary>
    Update = 4,
}
