namespace Quarry;

/// <summary>Keeps call stacks, each once, under numbers of 32 bits.</summary>
/// <remarks>
/// Lock-free: a stack is complete before its number enters the table, and is never changed. If there is no
/// room for another one, its number is 0.
/// </remarks>
internal unsafe struct KeptStacks
{
    private const int Log2Table = 18;
    private const uint TableMask = (1u << Log2Table) - 1;
    private const uint MostProbes = 64;

    // About two million stacks of 16 frames. Only what is used is backed by memory.
    private const nuint WordLimit = (nuint)1 << 25;

    private uint* _table;
    private ulong* _words;
    private nuint _next;

    /// <summary>Maps the memory; returns false if out of memory.</summary>
    internal static bool TryStart(KeptStacks* stacks)
    {
        PageSource source = PageSource.System();
        nuint table = (nuint)sizeof(uint) << Log2Table;
        void* memory = source.Reserve(source.State, table + (WordLimit * sizeof(ulong)), Os.PageSize);
        if (memory == null || !source.Commit(source.State, memory, table + (WordLimit * sizeof(ulong))))
        {
            return false;
        }

        stacks->_table = (uint*)memory;
        stacks->_words = (ulong*)((byte*)memory + table);
        stacks->_next = 1;
        return true;
    }

    /// <summary>Returns the number of the stack with a hash and a depth; 0 if it is not known.</summary>
    internal static uint Find(KeptStacks* stacks, ulong hash, int depth)
    {
        for (uint probe = 0; probe < MostProbes; probe++)
        {
            uint number = Atomic.Read(ref stacks->_table[Place(hash, probe)]);
            if (number == 0 || (stacks->_words[number] == hash && (int)stacks->_words[number + 1] == depth))
            {
                return number;
            }
        }

        return 0;
    }

    /// <summary>Adds a stack that was not found.</summary>
    internal static uint Add(KeptStacks* stacks, ulong hash, ulong* addresses, int depth)
    {
        nuint words = (nuint)depth + 2;
        nuint start = Atomic.Add(ref stacks->_next, words) - words;
        if (start + words > WordLimit)
        {
            _ = Atomic.Subtract(ref stacks->_next, words);
            return 0;
        }

        stacks->_words[start] = hash;
        stacks->_words[start + 1] = (ulong)depth;
        Memory.Copy(addresses, stacks->_words + start + 2, (nuint)depth * sizeof(ulong));
        for (uint probe = 0; probe < MostProbes; probe++)
        {
            // Another thread may have added the same one meanwhile; then there are two.
            if (Atomic.TryReplace(ref stacks->_table[Place(hash, probe)], 0, (uint)start))
            {
                break;
            }
        }

        return (uint)start;
    }

    /// <summary>Returns the addresses of a stack, innermost first.</summary>
    internal static ulong* Frames(KeptStacks* stacks, uint number, out int depth)
    {
        depth = number == 0 ? 0 : (int)stacks->_words[number + 1];
        return stacks->_words + number + 2;
    }

    private static uint Place(ulong hash, uint probe) => ((uint)(hash >> 32) + probe) & TableMask;
}
