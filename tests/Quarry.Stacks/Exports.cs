using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Stacks;

/// <summary>The functions for C; <c>tests/native/stacks.h</c> declares them.</summary>
internal static unsafe class Exports
{
    private const int MaxModules = 256;

    private static nuint s_modules;
    private static nuint s_count;

    /// <summary>Creates a walker; null if there is no memory.</summary>
    /// <param name="byMappings">Whether it asks the kernel for modules instead of the C library.</param>
    [RuntimeExport("stacks_open")]
    public static StackWalker* Open(int byMappings)
    {
        s_modules = (nuint)Os.Map(MaxModules * (nuint)sizeof(SeenModule));
        s_count = 0;
        return s_modules == 0 ? null : StackWalker.TryCreate(new StackWalkerOptions
        {
            FindObject = byMappings != 0 ? null : FindObject(),
            OwnStart = ImageCode.Start,
            OwnEnd = ImageCode.End,
            OnModule = &Record,
        });
    }

    /// <summary>Walks the stack of the caller and returns the number of addresses.</summary>
    [RuntimeExport("stacks_walk")]
    public static int Walk(StackWalker* walker, nuint* addresses, int capacity, int* end)
    {
        int count = StackWalker.Walk(walker, addresses, capacity, out StackEnd reason);
        *end = (int)reason;
        return count;
    }

    /// <summary>Returns a module that was reported; null beyond the last one.</summary>
    [RuntimeExport("stacks_module")]
    public static SeenModule* Module(nuint index) =>
        index < Atomic.Read(ref s_count) ? (SeenModule*)s_modules + index : null;

    private static void Record(void* context, StackModule* module)
    {
        nuint index = Atomic.Add(ref s_count, 1) - 1;
        if (index >= MaxModules)
        {
            return;
        }

        SeenModule* seen = (SeenModule*)s_modules + index;
        seen->Start = module->Start;
        seen->End = module->End;
        seen->LoadBias = module->LoadBias;
        for (int at = 0; at < module->BuildIdLength && at < SeenModule.MaxBuildIdBytes; at++)
        {
            seen->BuildId[at] = module->BuildId[at];
            seen->BuildIdLength = at + 1;
        }

        for (int at = 0; at < SeenModule.PathBytes - 1 && module->Path[at] != 0; at++)
        {
            seen->Path[at] = module->Path[at];
        }
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_weak__dl_find_object")]
    private static extern void* FindObject();
}
