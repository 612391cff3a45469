namespace Quarry.Stacks;

/// <summary>A module as it was reported: <c>struct stacks_module</c> of <c>stacks.h</c>.</summary>
internal unsafe struct SeenModule
{
    internal const int PathBytes = 200, MaxBuildIdBytes = 24;

    public nuint Start;
    public nuint End;
    public nuint LoadBias;
    public int BuildIdLength;
    public fixed byte BuildId[MaxBuildIdBytes];
    public fixed byte Path[PathBytes];
}
