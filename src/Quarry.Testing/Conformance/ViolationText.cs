namespace Quarry.Testing;

/// <summary>A violation in words.</summary>
internal static class ViolationText
{
    internal static string Of(Violation found)
    {
        string layout = $"{found.Size} bytes aligned to {found.Alignment}";
        string block = $"the block of {layout} at 0x{found.Address:x}";
        nuint other = found.Other;
        return found.Promise switch
        {
            Promise.Serves => $"Allocate gave null for {layout}, which it should serve",
            Promise.ServesZeroed => $"AllocateZeroed gave null for {layout}, which it should serve",
            Promise.ServesReallocation => $"Reallocate gave null for {block} and the new size {other}",
            Promise.ServesNullReallocation => $"Reallocate of null gave no block of {layout}",
            Promise.ServesAfterExhaustion =>
                $"after running out of memory and having all back, Allocate gave null for {layout}",
            Promise.Aligns => $"{block} is not aligned",
            Promise.UsableSizeCovers => $"UsableSize is {other} for {block}",
            Promise.UsableSizeIgnoresLayout =>
                $"UsableSize, told the default layout, is {other} for {block}: KnowsSize is claimed",
            Promise.Keeps => $"byte {other} of {block} was changed by somebody else: it overlaps another one",
            Promise.KeepsWhenReallocated => $"byte {other} of {block} was lost when it was reallocated",
            Promise.KeepsWhenNotReallocated =>
                $"byte {other} of {block} was changed by Reallocate although that gave null",
            Promise.KeepsWhenResized => $"byte {other} of {block} was lost when it was resized in place",
            Promise.KeepsWhenNotResized =>
                $"byte {other} of {block} was changed by TryResize although that gave false",
            Promise.Zeroes => $"byte {other} of {block} is not 0 although AllocateZeroed gave it",
            Promise.SizeZeroIsUnique => $"two blocks of size 0 in use are both at 0x{found.Address:x}",
            Promise.ResizesAtTimes => "ResizesInPlace is claimed, but TryResize gave false every time",
            Promise.ReachesCapacity => $"memory ran out after {other} blocks of {layout}",
            Promise.RefusesAbsurd => $"Allocate gave a block for {layout}",
            Promise.RefusesAbsurdZeroed => $"AllocateZeroed gave a block for {layout}",
            Promise.RefusesAbsurdReallocation => $"Reallocate gave a block of {other} bytes for {block}",
            Promise.RefusesAbsurdResize => $"TryResize gave true for {block} and the new size {other}",
            Promise.OwnsItsOwn => $"Owns is false for {block}",
            Promise.DisownsForeign => $"Owns is true for 0x{found.Address:x}, which is no block of it",
            Promise.DisownsWhereDenied => $"Owns is true for {block}, but KnowsOwnership is not claimed",
            Promise.Reuses =>
                $"Deallocates is claimed, but {other} times a block of {layout} was taken and none came again",
            Promise.ReusesAfterAll =>
                $"DeallocatesAll is claimed, but in {other} rounds no block of {layout} came again",
            Promise.KeepsWhereAllDenied =>
                $"byte {other} of {block} was changed by DeallocateAll, though DeallocatesAll is not claimed",
            _ => $"{found.Promise}: {block}",
        };
    }
}
