// The boundary between C# and symbols of the image. Same shape as in .NET's own core library, where they are
// internal.

using System.Runtime.CompilerServices;

namespace System.Runtime;

/// <summary>Publishes a static method under a C symbol, with no transition around its body.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entry) : Attribute
{
    public string EntryPoint => entry;
}

/// <summary>Binds an `extern` method to a C symbol, called directly.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeImportAttribute : Attribute
{
    public RuntimeImportAttribute(string dllName, string entry)
    {
        DllName = dllName;
        EntryPoint = entry;
    }

    public string DllName { get; }

    public string EntryPoint { get; }
}

// What ilc calls to cast a reference and to box a value. Nothing in the image defines the symbols, which is
// how the build finds the line.
internal static unsafe class TypeCast
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhTypeCast")]
    public static extern object CheckCastAny(void* type, object value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhTypeCast")]
    public static extern object CheckCastInterface(void* type, object value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhTypeCast")]
    public static extern object CheckCastClass(void* type, object value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhTypeCast")]
    public static extern object CheckCastClassSpecial(void* type, object value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhTypeCast")]
    public static extern object IsInstanceOfAny(void* type, object value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhTypeCast")]
    public static extern object IsInstanceOfInterface(void* type, object value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhTypeCast")]
    public static extern object IsInstanceOfClass(void* type, object value);
}

internal static unsafe class RuntimeExports
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhBox")]
    public static extern object RhBox(void* type, ref byte value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhUnbox")]
    public static extern ref byte RhUnbox2(void* type, object value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhUnbox")]
    public static extern void RhUnboxNullable(ref byte target, void* type, object value);
}
