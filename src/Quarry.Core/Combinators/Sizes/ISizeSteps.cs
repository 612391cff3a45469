namespace Quarry;

/// <summary>
/// Steps to which sizes are rounded up: the policy of what serves few sizes in place of many.
/// </summary>
/// <remarks>
/// The steps ascend. Both methods are pure, and are asked for sizes up to <see cref="Layout.MaxSize"/>
/// only; a step above that may come out, and is then refused by whoever asked.
/// </remarks>
public interface ISizeSteps
{
    /// <summary>The number of the first step that is no smaller than <paramref name="size"/>.</summary>
    static abstract nuint IndexOf(nuint size);

    /// <summary>The size of a step, in bytes.</summary>
    static abstract nuint SizeOf(nuint index);
}
