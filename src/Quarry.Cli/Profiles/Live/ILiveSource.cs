using System;

namespace Quarry.Cli.Profiles.Live;

/// <summary>Reads the figures of a running process, again and again.</summary>
internal interface ILiveSource : IDisposable
{
    bool IsRunning { get; }

    /// <summary>Reads the figures; rates refer to the previous call.</summary>
    LiveFigures Read();
}
