namespace Quarry.Gc;

/// <summary>
/// The objects with finalizers: those that are registered, and those whose finalizer is due.
/// </summary>
/// <remarks>
/// <para>
/// An object is registered when it is allocated. When a collection finds that it is dead otherwise, it
/// becomes due, and is kept alive with everything that it refers to, until the runtime's finalizer thread
/// has taken it. Critical finalizers run after all others that the same collection made due: a
/// <c>FileStream</c> can write its buffer before the <c>SafeFileHandle</c> is closed.
/// </para>
/// <para>
/// <c>GC.SuppressFinalize</c> only sets a bit of the object's header. The object stays registered, so
/// <c>GC.ReRegisterForFinalize</c> only clears the bit again.
/// </para>
/// <para>
/// Objects before <see cref="s_old"/> were registered before the last collection, and survived it. A young
/// collection does not consider them.
/// </para>
/// </remarks>
internal static unsafe class FinalizerQueue
{
    // BIT_SBLK_FINALIZER_RUN, in the upper half of the 8 bytes before an object.
    private const ulong IsSuppressed = 0x40000000ul << 32;

    // The lowest bit of a dead object with a critical finalizer, while the other dead ones become due.
    private const nuint IsCritical = 1;

    private static YieldingLock s_lock;
    private static FinalizerList s_list;
    private static nuint s_old;

    /// <summary>The number of objects whose finalizer is due.</summary>
    internal static nuint DueCount => s_list.Due;

    /// <summary>Registers an object, which may not have its type yet.</summary>
    /// <returns>False if out of memory.</returns>
    internal static bool TryRegister(ManagedObject* instance)
    {
        s_lock.Enter();
        bool added = s_list.TryRegister(instance);
        s_lock.Exit();
        return added;
    }

    /// <summary>Implements <c>GC.ReRegisterForFinalize</c>.</summary>
    /// <returns>False if out of memory.</returns>
    internal static bool TryRegisterAgain(ManagedObject* instance)
    {
        ulong* header = Header(instance);
        if ((Atomic.Read(ref *header) & IsSuppressed) == 0)
        {
            return TryRegister(instance);
        }

        // Still registered: the object was suppressed, but not collected.
        Atomic.Clear(ref *header, IsSuppressed);
        return true;
    }

    /// <summary>Implements <c>GC.SuppressFinalize</c>.</summary>
    internal static void Suppress(ManagedObject* instance) => Atomic.Set(ref *Header(instance), IsSuppressed);

    /// <summary>
    /// Returns the next object whose finalizer is due; null if there is none. The caller keeps it alive.
    /// </summary>
    internal static ManagedObject* TakeDue()
    {
        s_lock.Enter();
        ManagedObject* instance = s_list.TakeDue();
        s_lock.Exit();
        return instance;
    }

    /// <summary>Marks the objects whose finalizer is due.</summary>
    internal static void MarkDue()
    {
        for (nuint index = 0; index < s_list.Due; index++)
        {
            Marker.Mark(s_list.GetDue(index));
        }
    }

    /// <summary>
    /// Makes the finalizers of dead objects due, and marks those objects. Threads must be suspended.
    /// </summary>
    /// <param name="young">Whether only objects registered since the last collection can be dead.</param>
    internal static void FindDue(bool young)
    {
        nuint first = young ? s_old : 0;
        nuint kept = first;
        nuint criticals = 0;
        for (nuint index = first; index < s_list.Registered; index++)
        {
            ManagedObject* instance = s_list.GetRegistered(index);
            if (Marker.IsLive(instance))
            {
                s_list.SetRegistered(kept++, instance);
            }
            else if (!TryForget(instance))
            {
                bool isCritical = MethodTable.HasCriticalFinalizer(ManagedObject.TypeOf(instance));
                if (isCritical)
                {
                    s_list.SetRegistered(kept++, (ManagedObject*)((nuint)instance | IsCritical));
                    criticals++;
                }
                else if (!TryMakeDue(instance))
                {
                    s_list.SetRegistered(kept++, instance);
                }
            }
        }

        s_list.Truncate(kept);
        if (criticals != 0)
        {
            MakeCriticalsDue(first);
        }

        s_old = s_list.Registered;
        MarkDue();
    }

    /// <summary>Passes each object whose finalizer is due to a function of the runtime.</summary>
    internal static void ReportDue(void* function, nint context)
    {
        for (nuint index = 0; index < s_list.Due; index++)
        {
            ManagedObject* instance = s_list.GetDue(index);
            _ = NativeCall.Invoke(function, (nint)(&instance), context, 0);
        }
    }

    /// <summary>Determines whether all registered and due objects are live, for the verifier.</summary>
    internal static bool AreAllLive()
    {
        bool live = true;
        for (nuint index = 0; index < s_list.Registered; index++)
        {
            live &= Marker.IsLive(s_list.GetRegistered(index));
        }

        for (nuint index = 0; index < s_list.Due; index++)
        {
            live &= Marker.IsLive(s_list.GetDue(index));
        }

        return live;
    }

    // After the others.
    private static void MakeCriticalsDue(nuint first)
    {
        nuint kept = first;
        for (nuint index = first; index < s_list.Registered; index++)
        {
            nuint entry = (nuint)s_list.GetRegistered(index);
            ManagedObject* instance = (ManagedObject*)(entry & ~IsCritical);
            if ((entry & IsCritical) == 0 || !TryMakeDue(instance))
            {
                s_list.SetRegistered(kept++, instance);
            }
        }

        s_list.Truncate(kept);
    }

    /// <summary>Ends the registration of a dead object whose finalizer does not run.</summary>
    /// <returns>False if its finalizer has to run.</returns>
    private static bool TryForget(ManagedObject* instance)
    {
        // The runtime finalizes some types itself, at this point.
        if (Runtime.IsEagerlyFinalized(instance))
        {
            return true;
        }

        ulong* header = Header(instance);
        if ((*header & IsSuppressed) != 0)
        {
            // If another finalizer revives the object and registers it, it is added to the list again.
            Atomic.Clear(ref *header, IsSuppressed);
            return true;
        }

        return false;
    }

    /// <summary>Makes the finalizer of a dead object due.</summary>
    /// <returns>False if there is no memory for it; the object is kept alive then.</returns>
    private static bool TryMakeDue(ManagedObject* instance)
    {
        if (s_list.TryAddDue(instance))
        {
            return true;
        }

        Marker.Mark(instance);
        return false;
    }

    private static ulong* Header(ManagedObject* instance) => (ulong*)instance - 1;
}
