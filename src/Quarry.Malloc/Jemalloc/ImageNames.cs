using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Quarry.Malloc;

/// <summary>The names under which the image exports jemalloc's functions and variables.</summary>
/// <remarks>
/// They are properties of the entry stubs, so that images of other names consist of the same C#; see
/// <c>prefixed.S</c>.
/// </remarks>
internal static unsafe class ImageNames
{
    /// <summary>Gets the prefix of the image, such as <c>_rjem_</c>; empty if there is none.</summary>
    internal static ReadOnlySpan<byte> Prefix => CText.Span(PrefixText());

    /// <summary>Gets a value that indicates whether the names without the prefix are exported.</summary>
    internal static bool HasPlainNames => PlainNames() != 0;

    /// <summary>Gets the zero-terminated options of the build.</summary>
    internal static byte* BuiltInConf => BuiltInText();

    /// <summary>
    /// Returns the value of one of two variables of the program; the one with the prefix has precedence.
    /// Null if neither is set.
    /// </summary>
    internal static void* ValueOf(void** prefixed, void** plain) =>
        prefixed != null && *prefixed != null ? *prefixed : *plain;

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_name_prefix")]
    private static extern byte* PrefixText();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_has_plain_names")]
    private static extern int PlainNames();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "quarry_built_in_conf")]
    private static extern byte* BuiltInText();
}
