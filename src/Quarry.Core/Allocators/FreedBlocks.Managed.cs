namespace Quarry;

/// <content>Checked builds.</content>
internal static unsafe partial class FreedBlocks
{
    static partial void Receive(nuint start, nuint end)
    {
        if (Checks.Enabled && start < end)
        {
            Memory.Clear((void*)start, end - start);
        }
    }
}
