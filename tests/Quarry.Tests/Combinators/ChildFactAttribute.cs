using System;
using System.Runtime.CompilerServices;
using Xunit;

namespace Quarry.Tests.Combinators;

/// <summary>What another test runs in a process of its own; see <see cref="ChildProcess"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChildFactAttribute : FactAttribute
{
    public ChildFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Explicit = true;
}
