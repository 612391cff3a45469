// Assertions, and the attributes that say what a method does not do.

namespace System.Diagnostics
{
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
    public sealed class ConditionalAttribute(string conditionString) : Attribute
    {
        public string ConditionString => conditionString;
    }

    // csc marks the assembly with it when it writes debug information.
    public sealed class DebuggableAttribute(DebuggableAttribute.DebuggingModes modes) : Attribute
    {
        [Flags]
        public enum DebuggingModes
        {
            None = 0,
            Default = 1,
            IgnoreSymbolStoreSequencePoints = 2,
            EnableEditAndContinue = 4,
            DisableOptimizations = 256,
        }

        public DebuggingModes DebuggingFlags => modes;
    }

    public static class Debug
    {
        [Conditional("DEBUG")]
        public static void Assert([CodeAnalysis.DoesNotReturnIf(false)] bool condition)
        {
            if (!condition)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.Stop();
            }
        }

        [Conditional("DEBUG")]
        public static void Assert([CodeAnalysis.DoesNotReturnIf(false)] bool condition, string? message) =>
            Assert(condition);
    }
}

namespace System.Diagnostics.CodeAnalysis
{
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class DoesNotReturnAttribute : Attribute;

    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class DoesNotReturnIfAttribute(bool parameterValue) : Attribute
    {
        public bool ParameterValue => parameterValue;
    }

    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class NotNullWhenAttribute(bool returnValue) : Attribute
    {
        public bool ReturnValue => returnValue;
    }

    public sealed class SuppressMessageAttribute(string category, string checkId) : Attribute
    {
        public string Category => category;

        public string CheckId => checkId;

        public string? Justification { get; set; }

        public string? Scope { get; set; }

        public string? Target { get; set; }
    }

    // csc demands it for `ref` escape annotations.
    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Parameter)]
    public sealed class UnscopedRefAttribute : Attribute;
}
