namespace Quarry;

/// <summary>The auxiliary vector: values that the kernel passes to each program.</summary>
internal static unsafe class AuxiliaryVector
{
    /// <summary><c>AT_PAGESZ</c>: the page size of the kernel.</summary>
    internal const nint PageSize = 6;

    /// <summary><c>AT_SECURE</c>: 1 if the program has more rights than its caller.</summary>
    internal const nint Secure = 23;

    /// <summary><c>AT_SYSINFO_EHDR</c>: the image that the kernel maps into each process.</summary>
    internal const nint Vdso = 33;

    // More than twice what the kernel provides today.
    private const int Entries = 64;

    /// <summary>Reads a value without a C library; returns 0 if there is none.</summary>
    internal static nuint Read(nint type)
    {
        nuint* vector = stackalloc nuint[2 * Entries];
        nuint bytes = 2 * Entries * (nuint)sizeof(nuint);
        nuint words = OsFile.Read("/proc/self/auxv\0"u8, (byte*)vector, bytes) / (nuint)sizeof(nuint);
        for (nuint at = 0; at + 1 < words; at += 2)
        {
            if (vector[at] == (nuint)type)
            {
                return vector[at + 1];
            }
        }

        return 0;
    }
}
