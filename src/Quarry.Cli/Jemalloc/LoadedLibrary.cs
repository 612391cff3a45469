using System.Runtime.InteropServices;
using System.Text;
using Quarry.Tools;
using Quarry.Tools.Allocators;

namespace Quarry.Cli.Jemalloc;

/// <summary>The library in this process, whose malloc it does not replace.</summary>
/// <remarks>
/// It reads its options from the environment of this process at the first call. It may also print or write at
/// exit what the options ask for, so the process has to end by <c>_exit</c>.
/// </remarks>
internal static class LoadedLibrary
{
    /// <summary>Returns the report of <c>malloc_stats_print</c>.</summary>
    /// <param name="allocator">The allocator.</param>
    /// <param name="options">The letters that select parts.</param>
    internal static string Report(Allocator allocator, string options)
    {
        MallCtlFunctions? functions =
            allocator.Library is not null && NativeLibrary.TryLoad(allocator.Library, out nint library)
                ? MallCtlFunctions.In(library)
                : null;
        return functions is not null
            ? Encoding.UTF8.GetString(functions.Report(options))
            : throw new QuarryException($"{allocator.Library ?? allocator.Name} cannot be loaded");
    }
}
