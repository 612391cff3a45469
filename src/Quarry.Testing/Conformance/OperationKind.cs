namespace Quarry.Testing;

/// <summary>What a random sequence is made of.</summary>
internal enum OperationKind
{
    Allocate,
    AllocateZeroed,
    Deallocate,
    Reallocate,
    Resize,
}
