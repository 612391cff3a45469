// The boundary between C# and symbols of the image. Same shape as in .NET's own core library, where they are
// internal.

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

// ilc roots it by name; no cast that needs code can be written without objects.
internal static class TypeCast;
