using System;
using Quarry.Tools.Running;

namespace Quarry.Tools.Allocators;

/// <summary>An allocator of this machine. No library: the one of the C library, which needs none.</summary>
internal sealed record Allocator(string Name, string? Library)
{
    /// <summary>The name of the one built here.</summary>
    internal const string Quarry = "quarry";

    /// <summary>The name of the one every program comes with.</summary>
    internal const string Libc = "glibc";

    internal bool IsQuarry => Name == Quarry;

    /// <summary>Has programs of this environment load it, before what the user preloads already.</summary>
    internal void Preload(EnvironmentBlock environment)
    {
        if (Library is not null)
        {
            environment.Prepend("LD_PRELOAD", CheckedLibrary(), ':');
        }
    }

    // The loader splits LD_PRELOAD at both and knows no quoting.
    private string CheckedLibrary() => Library.AsSpan().IndexOfAny(' ', ':') < 0
        ? Library!
        : throw new QuarryException($"{Library}: the path of an allocator cannot hold a space or a colon");
}
