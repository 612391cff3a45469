namespace Quarry.Gc;

/// <summary>
/// The objects with finalizers: those that are registered, and those whose finalizer is due.
/// </summary>
/// <remarks>
/// <para>
/// An object is registered when it is allocated. When a collection finds that it is dead otherwise, it
/// becomes due, and is kept alive with everything that it refers to, until the runtime's finalizer thread
/// has taken it. Critical finalizers run after all others that became due: a <c>FileStream</c> can write its
/// buffer before the <c>SafeFileHandle</c> is closed.
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

    private static YieldingLock s_lock;
    private static WordList s_registered;
    private static nuint s_old;
    private static DueList s_due;
    private static DueList s_criticalDue;

    /// <summary>The number of objects whose finalizer is due.</summary>
    internal static nuint DueCount => s_due.Count + s_criticalDue.Count;

    /// <summary>Registers an object, which may not have its type yet.</summary>
    /// <returns>False if out of memory.</returns>
    internal static bool TryRegister(ManagedObject* instance)
    {
        s_lock.Enter();
        bool added = s_registered.TryAdd((nuint)instance);
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
        nuint instance = s_due.Count != 0 ? DueList.Take(ref s_due) : DueList.Take(ref s_criticalDue);
        s_lock.Exit();
        return (ManagedObject*)instance;
    }

    /// <summary>Marks the objects whose finalizer is due since an earlier collection.</summary>
    internal static void MarkDue()
    {
        DueList.Mark(ref s_due);
        DueList.Mark(ref s_criticalDue);
    }

    /// <summary>
    /// Makes the finalizers of dead objects due, and marks those objects. Threads must be suspended.
    /// </summary>
    /// <param name="young">Whether only objects registered since the last collection can be dead.</param>
    internal static void FindDue(bool young)
    {
        nuint kept = young ? s_old : 0;
        for (nuint index = kept; index < s_registered.Count; index++)
        {
            ManagedObject* instance = (ManagedObject*)s_registered[index];
            if (Marker.IsLive(instance) || !TryRetire(instance))
            {
                s_registered[kept++] = (nuint)instance;
            }
        }

        s_registered.Truncate(kept);
        s_old = kept;
        MarkDue();
    }

    /// <summary>Passes each object whose finalizer is due to a function of the runtime.</summary>
    internal static void ReportDue(void* function, nint context)
    {
        DueList.Report(ref s_due, function, context);
        DueList.Report(ref s_criticalDue, function, context);
    }

    /// <summary>Determines whether all registered objects are live, for the verifier.</summary>
    internal static bool AreAllLive()
    {
        for (nuint index = 0; index < s_registered.Count; index++)
        {
            if (!Marker.IsLive((ManagedObject*)s_registered[index]))
            {
                return false;
            }
        }

        return DueList.AreAllLive(ref s_due) && DueList.AreAllLive(ref s_criticalDue);
    }

    /// <summary>Ends the registration of a dead object.</summary>
    /// <returns>False if there is no memory to make its finalizer due; the object is kept then.</returns>
    private static bool TryRetire(ManagedObject* instance)
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

        bool isCritical = MethodTable.HasCriticalFinalizer(ManagedObject.TypeOf(instance));
        if (isCritical ? DueList.TryAdd(ref s_criticalDue, instance) : DueList.TryAdd(ref s_due, instance))
        {
            return true;
        }

        Marker.Mark(instance);
        return false;
    }

    private static ulong* Header(ManagedObject* instance) => (ulong*)instance - 1;
}
