namespace Quarry.Gc;

/// <summary>Visits fields and elements that are references.</summary>
internal unsafe interface IReferenceVisitor
{
    /// <summary>Visits a field.</summary>
    /// <param name="field">The address of the field, which may be null.</param>
    /// <returns>False to end the walk.</returns>
    bool Visit(ManagedObject** field);
}
