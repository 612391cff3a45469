namespace Quarry;

/// <summary>
/// Represents a number of bytes as a type argument, so that it is a constant in the compiled code.
/// </summary>
/// <remarks><c>readonly struct Small : IByteCount { public static nuint Bytes => 100; }</c></remarks>
public interface IByteCount
{
    /// <summary>Gets the number of bytes; a constant.</summary>
    static abstract nuint Bytes { get; }
}
