namespace Quarry;

/// <summary>
/// A number of bytes as a type argument, so that code which depends on it is compiled for it.
/// </summary>
/// <remarks><c>readonly struct Small : IByteCount { public static nuint Bytes => 100; }</c></remarks>
public interface IByteCount
{
    /// <summary>The number of bytes, a constant.</summary>
    static abstract nuint Bytes { get; }
}
