namespace Quarry.Native.Tests.Harness;

/// <summary>The names of a program's cases.</summary>
public interface ICases
{
    /// <summary>The source in tests/native.</summary>
    static abstract string Program { get; }

    /// <summary>What any malloc has to pass.</summary>
    static abstract string[] EveryMalloc { get; }

    /// <summary>What only Quarry promises.</summary>
    static abstract string[] QuarryAlone { get; }

    /// <summary>Cases that the class runs in a way of its own.</summary>
    static virtual string[] Others => [];
}
