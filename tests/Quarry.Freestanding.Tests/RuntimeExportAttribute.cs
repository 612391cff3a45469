namespace System.Runtime;

/// <summary>Replaces .NET's internal attribute; names the methods of Features.cs in the image.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entry) : Attribute
{
    public string EntryPoint => entry;
}
