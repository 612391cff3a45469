namespace Quarry.Gc;

/// <summary>
/// The registered objects, and after them those that are due, in one piece of memory, as debuggers read them.
/// </summary>
/// <remarks>
/// <para>
/// Both parts begin in the middle: registered objects are added downwards, due objects upwards. So neither
/// has to move for the other. An index counts from the middle; the object that was added first has 0.
/// </para>
/// <para>
/// A due object that was taken leaves a null, until all are taken. The default value is empty. Not
/// thread-safe; a crash dump may find a list to which an object is just being added.
/// </para>
/// </remarks>
internal unsafe struct FinalizerList
{
    private const nuint MinCapacity = 512;

    private nuint* _middle;

    // Of each part.
    private nuint _capacity;
    private nuint _due;
    private nuint _taken;

    /// <summary>The number of registered objects.</summary>
    internal nuint Registered { get; private set; }

    /// <summary>The number of due objects that are not taken yet.</summary>
    internal readonly nuint Due => _due - _taken;

    /// <summary>Returns a registered object.</summary>
    internal readonly ManagedObject* GetRegistered(nuint index) => (ManagedObject*)_middle[-1 - (nint)index];

    /// <summary>Replaces a registered object.</summary>
    internal readonly void SetRegistered(nuint index, ManagedObject* instance) =>
        _middle[-1 - (nint)index] = (nuint)instance;

    /// <summary>Returns a due object that is not taken yet.</summary>
    internal readonly ManagedObject* GetDue(nuint index) => (ManagedObject*)_middle[_taken + index];

    /// <summary>Adds a registered object.</summary>
    /// <returns>False if out of memory; the list is unchanged then.</returns>
    internal bool TryRegister(ManagedObject* instance)
    {
        if (Registered == _capacity && !TryGrow())
        {
            return false;
        }

        SetRegistered(Registered++, instance);
        Publish();
        return true;
    }

    /// <summary>Adds a due object; the same conditions.</summary>
    internal bool TryAddDue(ManagedObject* instance)
    {
        if (_due == _capacity && !TryGrow())
        {
            return false;
        }

        _middle[_due++] = (nuint)instance;
        Publish();
        return true;
    }

    /// <summary>Takes the first due object; null if there is none.</summary>
    internal ManagedObject* TakeDue()
    {
        if (Due == 0)
        {
            return null;
        }

        ManagedObject* instance = GetDue(index: 0);
        _middle[_taken++] = 0;
        if (Due == 0)
        {
            _due = _taken = 0;
        }

        Publish();
        return instance;
    }

    /// <summary>Removes the registered objects at and after an index.</summary>
    internal void Truncate(nuint count)
    {
        Registered = count;
        Publish();
    }

    private readonly void Publish() =>
        DebuggerData.SetFinalizers(_middle - Registered, _middle, _middle + _taken, _middle + _due);

    private bool TryGrow()
    {
        nuint capacity = _capacity == 0 ? MinCapacity : _capacity * 2;
        nuint* memory = (nuint*)Os.Map(2 * capacity * (nuint)sizeof(nuint));
        if (memory == null)
        {
            return false;
        }

        nuint* middle = memory + capacity;
        if (_middle != null)
        {
            Memory.Copy(_middle - _capacity, middle - _capacity, 2 * _capacity * (nuint)sizeof(nuint));
            Os.Unmap(_middle - _capacity, 2 * _capacity * (nuint)sizeof(nuint));
        }

        _middle = middle;
        _capacity = capacity;
        return true;
    }
}
