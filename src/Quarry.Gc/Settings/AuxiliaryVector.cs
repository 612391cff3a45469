namespace Quarry.Gc;

/// <summary>What the kernel has told the program at its start.</summary>
/// <remarks>Read from a file, because the library calls no function of a C library.</remarks>
internal static unsafe class AuxiliaryVector
{
    /// <summary><c>AT_SYSINFO_EHDR</c>: the image that the kernel maps into each process.</summary>
    internal const nuint Vdso = 33;

    // Words: more than twice what the kernel provides today.
    private const int Capacity = 128;

    /// <summary>Finds a value; returns 0 if there is none.</summary>
    internal static nuint Find(nuint key)
    {
        nuint* words = stackalloc nuint[Capacity];
        nuint count = OsFile.Read("/proc/self/auxv\0"u8, (byte*)words, Capacity * (nuint)sizeof(nuint))
            / (nuint)sizeof(nuint);
        for (nuint at = 0; at + 1 < count; at += 2)
        {
            if (words[at] == key)
            {
                return words[at + 1];
            }
        }

        return 0;
    }
}
