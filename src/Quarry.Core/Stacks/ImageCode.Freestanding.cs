using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>The compiled C# of the image; in a statically linked program, only a part of its code.</summary>
internal static class ImageCode
{
    /// <summary>Gets the first address.</summary>
    internal static nuint Start => GetStart();

    /// <summary>Gets the address behind the code.</summary>
    internal static nuint End => GetEnd();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_code_start")]
    private static extern nuint GetStart();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_code_end")]
    private static extern nuint GetEnd();
}
