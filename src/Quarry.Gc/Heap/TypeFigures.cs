namespace Quarry.Gc;

/// <summary>What objects of one type take. The layout is known to the managed companion.</summary>
internal struct TypeFigures
{
    /// <summary>The method table: the handle of the type.</summary>
    public nuint Type;

    public nuint Objects;

    public nuint Bytes;
}
