namespace Quarry.Gc;

/// <summary>Objects whose finalizers run in the order in which they became due.</summary>
internal unsafe struct DueList
{
    private WordList _objects;
    private nuint _taken;

    /// <summary>The number of objects that are not taken yet.</summary>
    internal readonly nuint Count => _objects.Count - _taken;

    internal static bool TryAdd(ref DueList list, ManagedObject* instance) =>
        list._objects.TryAdd((nuint)instance);

    /// <summary>Takes the first object; 0 if there is none.</summary>
    internal static nuint Take(ref DueList list)
    {
        if (list.Count == 0)
        {
            return 0;
        }

        nuint instance = list._objects[list._taken++];
        if (list.Count == 0)
        {
            list._objects.Clear();
            list._taken = 0;
        }

        return instance;
    }

    internal static void Mark(ref DueList list)
    {
        for (nuint index = list._taken; index < list._objects.Count; index++)
        {
            Marker.Mark((ManagedObject*)list._objects[index]);
        }
    }

    internal static void Report(ref DueList list, void* function, nint context)
    {
        for (nuint index = list._taken; index < list._objects.Count; index++)
        {
            nuint instance = list._objects[index];
            _ = NativeCall.Invoke(function, (nint)(&instance), context, 0);
        }
    }

    internal static bool AreAllLive(ref DueList list)
    {
        bool live = true;
        for (nuint index = list._taken; index < list._objects.Count; index++)
        {
            live &= Marker.IsLive((ManagedObject*)list._objects[index]);
        }

        return live;
    }
}
