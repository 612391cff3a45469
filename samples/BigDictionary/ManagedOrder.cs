namespace BigDictionary;

/// <summary>The same row as it is usually written: an object, which refers to another one.</summary>
internal sealed record ManagedOrder(long Customer, string Article, double Price);
