namespace Quarry;

/// <summary>Any number of threads at once: state is changed by atomic operations.</summary>
public readonly struct Shared : IThreading
{
    static bool IThreading.Shared => true;
}
