namespace Quarry.Gc;

/// <summary>The objects of one type. The managed library has the same layout (<c>TypeFigures</c>).</summary>
internal struct TypeStatistics
{
    /// <summary>The address of the method table, which is the handle of the type.</summary>
    public nuint Type;

    public nuint Objects;

    public nuint Bytes;
}
