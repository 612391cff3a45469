using System.Runtime.CompilerServices;

namespace Quarry.Tools.Posix;

/// <summary><c>struct termios</c> of glibc and musl.</summary>
internal struct TerminalMode
{
    internal uint InputFlags;
    internal uint OutputFlags;
    internal uint ControlFlags;
    internal uint LocalFlags;
    internal byte LineDiscipline;
    internal ControlCharacters Characters;
    internal uint InputSpeed;
    internal uint OutputSpeed;

    [InlineArray(32)]
    internal struct ControlCharacters
    {
        private byte _first;
    }
}
