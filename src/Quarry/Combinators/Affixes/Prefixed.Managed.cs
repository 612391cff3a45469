using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Errors in .NET.</content>
[DebuggerDisplay("over {Inner}")]
public readonly partial struct Prefixed<TInner, TPrefix> : IMortal
{
    /// <inheritdoc/>
    Exception? IMortal.Failure => Dead.Of(_inner);
}
