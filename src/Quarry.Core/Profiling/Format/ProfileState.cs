namespace Quarry;

/// <summary>The state of the process that writes a profile file.</summary>
internal enum ProfileState : uint
{
    /// <summary>The process is running, or was killed.</summary>
    Running = 1,

    /// <summary>The exit handlers of the process have run.</summary>
    Ended = 2,
}
