namespace Quarry.Cli.Profiles.Live;

/// <summary>Reads the figures of a running process, again and again.</summary>
internal interface ILiveSource
{
    bool IsRunning { get; }

    /// <summary>Reads the figures; rates refer to the previous call.</summary>
    LiveFigures Read(LiveOrder order);

    /// <summary>Gets the figures of the last call of <see cref="Read"/> in another order.</summary>
    LiveFigures Arrange(LiveOrder order);
}
