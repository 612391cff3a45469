namespace Quarry.Gc;

/// <summary>Visits the handles that refer to an object.</summary>
internal unsafe interface IHandleVisitor
{
    void Visit(HandleCell* cell);
}
