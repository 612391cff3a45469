using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>
/// The symbol <c>quarry_control</c> of <c>libquarry.so</c>: memory of a process without a profile file,
/// through which another process that may write it, such as a debugger, asks for one, or for a report of the
/// heap.
/// </summary>
/// <remarks>
/// The requester writes <see cref="Prefix"/> and <see cref="Letters"/>, then <see cref="Request"/>, then 1 to
/// the word at <see cref="WantsProgress"/>; the process answers at its next slow path. A single byte makes
/// the request, because a write from outside is not atomic.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal unsafe struct ProfileControl
{
    /// <summary>The size, in bytes.</summary>
    internal const int Bytes = 1024;

    /// <summary>The capacity of <see cref="Prefix"/>, including the zero byte.</summary>
    internal const int PrefixCapacity = 512;

    /// <summary>The capacity of <see cref="Letters"/>, including the zero byte.</summary>
    internal const int LettersCapacity = 24;

    /// <summary>The value of <see cref="Signature"/>: "QATTACH", and the version of this layout.</summary>
    internal const long ExpectedSignature = 0x02_48_43_41_54_54_41_51;

    /// <summary>Identifies the layout; see <see cref="ExpectedSignature"/>.</summary>
    public long Signature;

    /// <summary>
    /// The address of <c>HeapState.WantsProgress</c>; 0 until the first allocation of the process.
    /// </summary>
    public nuint WantsProgress;

    /// <summary>The number of the request; differs from <see cref="Answered"/> while it waits.</summary>
    public byte Request;

    /// <summary>The number of the last request that was answered.</summary>
    public byte Answered;

    /// <summary>The answer: 0, or the negated error number. Written before <see cref="Answered"/>.</summary>
    public int Result;

    /// <summary>
    /// The prefix of the path of the profile file, or the path of the file for a report; zero-terminated.
    /// </summary>
    public fixed byte Prefix[PrefixCapacity];

    /// <summary>
    /// Empty for a profile file. Otherwise a report of <c>malloc_stats_print</c> is requested: a space, the
    /// letters of its options, and a zero.
    /// </summary>
    public fixed byte Letters[LettersCapacity];
}
