namespace Quarry;

/// <summary>Recognizes two functions of C libraries that have no unwind information, by their code.</summary>
internal static class KnownCode
{
    /// <summary>
    /// Determines whether code is the return of a signal handler: <c>mov $15, %rax; syscall</c>, which
    /// debuggers recognize too. glibc's has unwind information, musl's does not.
    /// </summary>
    internal static bool IsSignalReturn(TableReader code)
    {
        const ulong MoveAndSystemCall = 0x050f_0000_000f_c0c7;
        return code.ReadByte() == 0x48 && code.ReadUInt64() == MoveAndSystemCall;
    }

    /// <summary>
    /// Determines whether code is glibc's <c>__start_context</c>, to which the function of a coroutine
    /// returns. It begins with <c>mov %rbx, %rsp</c>, preceded by <c>endbr64</c> where the library was built
    /// so.
    /// </summary>
    internal static bool IsContextStart(TableReader code)
    {
        const uint BranchTarget = 0xfa1e_0ff3;
        const int MoveToStackPointer = 0xdc89;
        TableReader behind = code;
        if (behind.ReadUInt32() == BranchTarget)
        {
            code = behind;
        }

        return code.ReadByte() == 0x48 && code.ReadUInt16() == MoveToStackPointer;
    }
}
