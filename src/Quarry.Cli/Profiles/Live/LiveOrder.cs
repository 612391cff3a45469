namespace Quarry.Cli.Profiles.Live;

/// <summary>What sites of a running process are ordered by.</summary>
internal enum LiveOrder
{
    Live,
    Growth,
    Allocated,
}
