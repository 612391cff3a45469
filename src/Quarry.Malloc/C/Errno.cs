namespace Quarry.Malloc;

/// <summary>Sets <c>errno</c> of the calling thread, if the process has a C library.</summary>
internal static unsafe class Errno
{
    internal const int NoMemory = 12;
    internal const int InvalidArgument = 22;
    internal const int NotImplemented = 38;

    internal static int Value
    {
        set
        {
            int* address = LibC.ErrnoAddress();
            if (address != null)
            {
                *address = value;
            }
        }
    }

    /// <summary>Sets <c>errno</c> and returns null.</summary>
    internal static void* Fail(int error)
    {
        Value = error;
        return null;
    }
}
