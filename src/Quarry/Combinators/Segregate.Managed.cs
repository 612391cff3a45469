using System;
using System.Diagnostics;

namespace Quarry;

/// <content>Errors in .NET.</content>
[DebuggerDisplay("{Small}, or {Large}")]
public readonly partial struct Segregate<TSmall, TLarge, TThreshold> : IMortal
{
    /// <inheritdoc/>
    Exception? IMortal.Failure => Dead.Of(_small) ?? Dead.Of(_large);
}
