// The boundary between C# and the symbols of the image, declared as in the core library of .NET, where
// these types are internal.

using System.Runtime.CompilerServices;

namespace System.Runtime;

/// <summary>Exports a static method as a C symbol, without a transition around its body.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entry) : Attribute
{
    public string EntryPoint => entry;
}

/// <summary>Binds an `extern` method to a C symbol, which is called directly.</summary>
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

// The helpers that ilc calls to cast a reference and to box a value. The image does not define the symbols,
// so the build can report the line of each use.
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
