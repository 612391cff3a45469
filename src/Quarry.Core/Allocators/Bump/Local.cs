namespace Quarry;

/// <summary>One thread at a time, which the caller sees to: state changes by plain stores.</summary>
public readonly struct Local : IThreading
{
    static bool IThreading.Shared => false;
}
