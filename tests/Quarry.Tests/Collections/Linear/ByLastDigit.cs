using System.Collections.Generic;

namespace Quarry.Tests.Collections;

/// <summary>An order for numbers, in a struct.</summary>
internal readonly struct ByLastDigit : IComparer<int>
{
    public int Compare(int x, int y) => (x % 10, x).CompareTo((y % 10, y));
}
