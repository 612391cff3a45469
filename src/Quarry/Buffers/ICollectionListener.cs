namespace Quarry;

/// <summary>Wants to know when the garbage collector has collected.</summary>
internal interface ICollectionListener
{
    /// <summary>Called by the finalizer thread, after most collections of the oldest generation.</summary>
    /// <returns>Whether to be called again.</returns>
    bool OnCollected();
}
