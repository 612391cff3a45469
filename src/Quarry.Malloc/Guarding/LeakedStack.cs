namespace Quarry.Malloc;

/// <summary>The blocks in use at exit that one stack allocated.</summary>
internal struct LeakedStack
{
    /// <summary>The number of the stack.</summary>
    public uint Stack;

    /// <summary>The thread that allocated the last of the blocks.</summary>
    public int Thread;

    /// <summary>The number of blocks; 0 for an unused entry.</summary>
    public nuint Blocks;

    /// <summary>Their bytes.</summary>
    public nuint Bytes;

    /// <summary>The address of one of them.</summary>
    public nuint Example;
}
