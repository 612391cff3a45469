using System;
using System.Collections.Generic;

namespace Quarry.Tests.Blocks;

/// <summary>Notes its number when it is disposed of.</summary>
internal sealed class Disposer(List<int> log, int number) : IDisposable
{
    public void Dispose() => log.Add(number);
}
