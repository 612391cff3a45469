namespace Quarry.Malloc;

/// <summary>jemalloc's experimental controls, <c>experimental.*</c>.</summary>
internal static unsafe class ExperimentalNodes
{
    // The numbers that a program reads for one block: the free blocks, the blocks, and the bytes of its slab.
    private const nuint NumbersPerBlock = 3;

    internal static int Visit(ref MallctlNode node, int index) => index switch
    {
        0 => node.Is("experimental.utilization.query"u8, MallctlType.Void, MallctlAccess.Buffers)
            ? Query(ref node)
            : 0,
        1 => node.Is("experimental.utilization.batch_query"u8, MallctlType.Void, MallctlAccess.Buffers)
            ? QueryBatch(ref node)
            : 0,
        _ => node.End(),
    };

    private static int Query(ref MallctlNode node)
    {
        void* block;
        if (node.OldBuffer == null || node.OldLength == null
            || *node.OldLength != (nuint)sizeof(BlockUtilization)
            || !node.TryLoadNew(&block, (nuint)sizeof(void*)))
        {
            return MallctlError.InvalidArgument;
        }

        BlockUtilization utilization = Of(block, ofClass: true);
        Memory.Copy(&utilization, node.OldBuffer, (nuint)sizeof(BlockUtilization));
        return MallctlError.None;
    }

    private static int QueryBatch(ref MallctlNode node)
    {
        nuint count = node.NewLength / (nuint)sizeof(void*);
        nuint* numbers = (nuint*)node.OldBuffer;
        if (numbers == null || node.OldLength == null || node.NewBuffer == null || count == 0
            || node.NewLength % (nuint)sizeof(void*) != 0
            || *node.OldLength / (NumbersPerBlock * (nuint)sizeof(nuint)) != count
            || *node.OldLength % (NumbersPerBlock * (nuint)sizeof(nuint)) != 0)
        {
            return MallctlError.InvalidArgument;
        }

        for (nuint at = 0; at < count; at++)
        {
            BlockUtilization utilization = Of(((void**)node.NewBuffer)[at], ofClass: false);
            numbers[0] = utilization.Free;
            numbers[1] = utilization.Blocks;
            numbers[2] = utilization.Bytes;
            numbers += NumbersPerBlock;
        }

        return MallctlError.None;
    }

    private static BlockUtilization Of(void* block, bool ofClass)
    {
        HeapState* heap = ProcessHeap.Heap == null ? null : Arenas.HeapAt(block);
        return heap == null ? default : BlockUtilization.Of(heap, block, ofClass);
    }
}
