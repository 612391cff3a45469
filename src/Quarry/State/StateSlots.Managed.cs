namespace Quarry;

/// <content>Slots in .NET.</content>
internal static unsafe partial class StateSlots
{
    static partial void OnMapped(void* chunk, nuint size)
    {
        if (chunk != null)
        {
            ReadableMemory.Add(chunk, size);
        }
    }

    static partial void OnUnmapping(void* chunk, nuint size) => ReadableMemory.Remove(chunk, size);
}
