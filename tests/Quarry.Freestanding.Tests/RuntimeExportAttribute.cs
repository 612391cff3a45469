namespace System.Runtime;

/// <summary>.NET keeps its own to itself; here it names the methods of Features.cs as in the image.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entry) : Attribute
{
    public string EntryPoint => entry;
}
