namespace Quarry.Testing;

/// <summary>One step of a random sequence.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Which">To which of the blocks, modulo their number.</param>
/// <param name="Size">The size, or the new one, in bytes.</param>
/// <param name="Alignment">The alignment of a new block.</param>
internal sealed record Operation(OperationKind Kind, int Which, int Size, int Alignment)
{
    public override string ToString() => Kind switch
    {
        OperationKind.Allocate or OperationKind.AllocateZeroed => $"{Kind}({Size} bytes aligned to {Alignment})",
        OperationKind.Deallocate => $"{Kind}(#{Which})",
        _ => $"{Kind}(#{Which}, {Size} bytes)",
    };
}
