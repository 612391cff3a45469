namespace Quarry.Core.Tests;

/// <summary>The internal geometry, as a type argument of a public test class.</summary>
public readonly struct FineGeometry : ISizeSteps
{
    public static nuint IndexOf(nuint size) => FineEightPerDoubling.IndexOf(size);

    public static nuint SizeOf(nuint index) => FineEightPerDoubling.SizeOf(index);
}
