using System.Runtime.CompilerServices;

namespace Quarry.Tools.Posix;

/// <summary>A <c>sigset_t</c>: 1024 bits in both glibc and musl, signal n at bit n-1.</summary>
internal struct SignalSet
{
    private Words _words;

    internal void Add(int signal) => _words[(signal - 1) / 64] |= 1UL << ((signal - 1) % 64);

    [InlineArray(16)]
    private struct Words
    {
        private ulong _first;
    }
}
