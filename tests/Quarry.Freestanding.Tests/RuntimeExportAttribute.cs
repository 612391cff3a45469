namespace System.Runtime;

/// <summary>.NET keeps its own to itself; here it gives the methods of Features.cs the names the image exports.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entry) : Attribute
{
    public string EntryPoint => entry;
}
