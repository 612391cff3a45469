namespace Quarry;

/// <summary>One thread at a time, which the caller ensures: state is changed by plain stores.</summary>
public readonly struct Local : IThreading
{
    static bool IThreading.Shared => false;
}
