namespace Quarry;

/// <summary>The commands of <see cref="ProfileHeader.Command"/>.</summary>
internal enum ProfileCommand : byte
{
    /// <summary>No command.</summary>
    None = 0,

    /// <summary>
    /// Starts sampling with the interval in <see cref="ProfileHeader.CommandArgument"/>; 0 for the default.
    /// </summary>
    Sample = 1,

    /// <summary>Starts recording every allocation.</summary>
    RecordAll = 2,

    /// <summary>Stops recording. What was recorded stays.</summary>
    Stop = 3,

    /// <summary>Updates the live figures and the size classes.</summary>
    Update = 4,
}
