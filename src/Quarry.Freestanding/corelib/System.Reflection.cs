namespace System.Reflection;

// csc adds this attribute to every type that has an indexer.
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class DefaultMemberAttribute(string memberName) : Attribute
{
    public string MemberName => memberName;
}
