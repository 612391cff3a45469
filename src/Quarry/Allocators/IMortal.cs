using System;

namespace Quarry;

/// <summary>An allocator that can be disposed, or that is built on others which can.</summary>
internal interface IMortal
{
    /// <summary>
    /// Gets the exception that says which allocator was disposed or never created; null if none was.
    /// </summary>
    Exception? Failure { get; }
}
