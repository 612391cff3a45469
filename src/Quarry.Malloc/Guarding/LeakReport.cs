using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>Reports the blocks in use at exit, by the stack that allocated them.</summary>
internal static unsafe class LeakReport
{
    // A prime number of entries; the blocks of further stacks are counted together.
    private const uint Length = 65_521;
    private const int MaxProbes = 128;
    private const int MaxStacks = 20;

    /// <summary>Reports those stacks whose blocks have the most bytes.</summary>
    internal static void Write(IsolatedHeap* heap)
    {
        nuint bytes = Layout.AlignUp((Length + 1) * (nuint)sizeof(LeakedStack), Os.PageSize);
        LeakedStack* stacks = (LeakedStack*)Os.Map(bytes);
        if (stacks == null)
        {
            return;
        }

        IsolatedHeap.ForEachInUse(heap, &Add, stacks);
        LeakedStack total = default;
        nuint count = 0;
        for (uint index = 0; index <= Length; index++)
        {
            total.Blocks += stacks[index].Blocks;
            total.Bytes += stacks[index].Bytes;
            count += stacks[index].Blocks == 0 ? 0 : 1u;
        }

        if (total.Blocks != 0)
        {
            WriteTotal(total, count);
        }

        for (int written = 0; written < MaxStacks; written++)
        {
            LeakedStack* largest = stacks;
            for (uint index = 1; index < Length; index++)
            {
                largest = stacks[index].Bytes > largest->Bytes ? stacks + index : largest;
            }

            if (largest->Blocks == 0)
            {
                break;
            }

            WriteStack(largest);
            *largest = default;
        }

        Os.Unmap(stacks, bytes);
    }

    private static void Add(IsolatedBlock* block, void* argument)
    {
        LeakedStack* stacks = (LeakedStack*)argument, entry = stacks + Length;
        for (uint probe = 0; probe < MaxProbes; probe++)
        {
            LeakedStack* place = stacks + ((block->History.AllocationStack + probe) % Length);
            if (place->Blocks == 0 || place->Stack == block->History.AllocationStack)
            {
                entry = place;
                break;
            }
        }

        entry->Stack = block->History.AllocationStack;
        entry->Thread = block->History.AllocatingThread;
        entry->Blocks++;

        // A block of no bytes counts too.
        entry->Bytes += block->Size == 0 ? 1 : block->Size;
        entry->Example = (nuint)block->Address;
    }

    private static void WriteTotal(LeakedStack total, nuint stacks)
    {
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("quarry: not freed: "u8);
        AppendAmount(ref text, total);
        text.Append(" of "u8);
        text.Append(stacks);
        text.Append(stacks == 1 ? " stack\n"u8 : " stacks\n"u8);
        StandardError.Write(ref text);
    }

    private static void AppendAmount(ref TextBuffer text, LeakedStack stack)
    {
        text.Append(stack.Bytes);
        text.Append(" bytes in "u8);
        text.Append(stack.Blocks);
        text.Append(stack.Blocks == 1 ? " block"u8 : " blocks"u8);
    }

    [SkipLocalsInit]
    private static void WriteStack(LeakedStack* stack)
    {
        ulong* frames = stackalloc ulong[GuardSlot.MaxFrames];
        int count = IsolationMode.CopyStack(stack->Stack, frames);
        if (ErrorFile.IsOpen)
        {
            ErrorFile.Append(*stack, frames, count);
            return;
        }

        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("quarry: leak: "u8);
        AppendAmount(ref text, *stack);
        text.Append((byte)'\n');
        StandardError.Write(ref text);
        GuardErrorText.WriteStack("allocated by"u8, stack->Thread, frames, count);
    }
}
