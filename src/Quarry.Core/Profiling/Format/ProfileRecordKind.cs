namespace Quarry;

/// <summary>The kind of a record in a profile file.</summary>
internal enum ProfileRecordKind : uint
{
    /// <summary>No record: the end of the records that are complete.</summary>
    None = 0,

    /// <summary>The program: its path and its arguments, as UTF-8 strings that end with a 0 byte.</summary>
    Program = 1,

    /// <summary>A file that is mapped as code: <see cref="ProfileModule"/>.</summary>
    Module = 2,

    /// <summary>A call stack: <see cref="ProfileStack"/>.</summary>
    Stack = 3,

    /// <summary>
    /// <see cref="ProfileSites.PerRecord"/> entries of type <see cref="ProfileSite"/>, which change as the
    /// program runs.
    /// </summary>
    Sites = 4,

    /// <summary>
    /// <see cref="ProfileThread.PerRecord"/> entries of type <see cref="ProfileThread"/>, which change as the
    /// program runs.
    /// </summary>
    Threads = 5,

    /// <summary>The time series: <see cref="ProfileTimeline"/> and its points.</summary>
    Timeline = 6,

    /// <summary>
    /// The size classes: entries of type <see cref="ProfileSizeClass"/>, written with the live figures.
    /// </summary>
    SizeClasses = 7,

    /// <summary>
    /// Names of code addresses, as JSON in UTF-8, added by a reader once the process has ended or while it
    /// can be asked. The last record is valid.
    /// </summary>
    Names = 16,

    /// <summary>
    /// The managed allocations of the same process, as JSON in UTF-8, added by a reader. The last record is
    /// valid.
    /// </summary>
    Managed = 17,
}
