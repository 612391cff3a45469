namespace Quarry.Malloc;

/// <summary>The error number of the thread, if the process has a C library to keep it.</summary>
internal static unsafe class Errno
{
    internal const int NoMemory = 12;
    internal const int InvalidArgument = 22;

    internal static int Value
    {
        get
        {
            int* location = Location();
            return location == null ? 0 : *location;
        }

        set
        {
            int* location = Location();
            if (location != null)
            {
                *location = value;
            }
        }
    }

    private static int* Location()
    {
        void* function = LibC.ErrnoLocation();
        return function == null ? null : (int*)LibC.Call(function);
    }
}
