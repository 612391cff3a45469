namespace Quarry;

/// <summary>Defines steps to which sizes are rounded up.</summary>
/// <remarks>
/// The steps are in ascending order. Both methods are pure, and are called only for sizes up to
/// <see cref="Layout.MaxSize"/>. A step may exceed that size; the caller then fails the request.
/// </remarks>
public interface ISizeSteps
{
    /// <summary>Returns the index of the first step that is at least <paramref name="size"/>.</summary>
    static abstract nuint IndexOf(nuint size);

    /// <summary>Returns the size of a step, in bytes.</summary>
    static abstract nuint SizeOf(nuint index);
}
