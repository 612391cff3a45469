using Quarry;

namespace BigDictionary;

/// <summary>A row with text, without a reference: the garbage collector never looks at it.</summary>
internal readonly record struct Order(long Customer, NativeUtf8Slice Article, double Price);
