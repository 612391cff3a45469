using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>Tells a listener of collections, by being collected itself.</summary>
/// <remarks>
/// Its finalizer has it finalized again, which keeps it alive until the next collection that reaches it. It
/// grows old with the first ones, and then is found by those of the oldest generation alone. The listener is
/// not kept alive.
/// </remarks>
internal sealed class CollectionWatch
{
    // No WeakReference: it has a finalizer of its own, which would run together with the one below.
    private WeakGCHandle<ICollectionListener> _listener;

    private CollectionWatch(ICollectionListener listener) => _listener = new(listener);

    internal static void Start(ICollectionListener listener) => _ = new CollectionWatch(listener);

    ~CollectionWatch()
    {
        if (_listener.TryGetTarget(out ICollectionListener? listener) && listener.OnCollected())
        {
            GC.ReRegisterForFinalize(this);
        }
        else
        {
            _listener.Dispose();
        }
    }
}
