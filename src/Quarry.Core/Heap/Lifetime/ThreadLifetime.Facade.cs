namespace Quarry;

/// <content>Facades, by which every call of a thread reaches the isolated heap.</content>
internal static unsafe partial class ThreadLifetime
{
    /// <summary>
    /// Returns the facade of a thread heap, for its current user: what the thread word refers to if there is
    /// an isolated heap. Null if out of memory.
    /// </summary>
    /// <remarks>
    /// It has no heap, empty lists and a page that no thread owns, like the placeholder of threads that have
    /// not allocated yet; and it leads back to the thread heap, as its home.
    /// </remarks>
    internal static ThreadHeap* FacadeOf(ThreadHeap* thread)
    {
        ThreadHeap* facade = thread->Facade;
        if (facade == null)
        {
            facade = (ThreadHeap*)MetadataPool.Allocate(
                &thread->Heap->Backend.Metadata, ThreadHeap.Bytes, ThreadHeap.Bytes);
            if (facade == null)
            {
                return null;
            }

            facade->Pages = (Page*)((byte*)facade + ThreadHeap.Bytes - Page.Bytes);
            facade->Home = thread;
            thread->Facade = facade;
        }

        IsolatedThread* isolated = ThreadHeap.Isolated(facade);
        isolated->Id = thread->ThreadId;
        if (isolated->Stack != null)
        {
            // Of the former user.
            isolated->Stack->Count = 0;
        }

        return facade;
    }
}
