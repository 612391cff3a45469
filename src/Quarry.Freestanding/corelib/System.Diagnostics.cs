// Assertions, and attributes that csc and its analyzers read. A failed assertion writes its condition
// to standard error and stops the process where a debugger shows the line.

using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace System.Diagnostics
{
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
    public sealed class ConditionalAttribute(string conditionString) : Attribute
    {
        public string ConditionString => conditionString;
    }

    // csc adds this attribute to the assembly when it emits debug information.
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
        public static void Assert(
            [DoesNotReturnIf(false)] bool condition,
            [CallerArgumentExpression(nameof(condition))] string? message = null)
        {
            if (!condition)
            {
                Fail(message);
            }
        }

        // Not inlined, so that the calling frame in a debugger is that of the assertion.
        [Conditional("DEBUG")]
        [DoesNotReturn]
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static unsafe void Fail(string? message)
        {
            const int Capacity = 256;
            byte* text = stackalloc byte[Capacity];
            int length = 0;
            foreach (byte letter in "Assertion failed: "u8)
            {
                text[length++] = letter;
            }

            // Conditions are source text, which remains readable when non-ASCII characters are replaced.
            for (int at = 0; message != null && at < message.Length && length < Capacity - 1; at++)
            {
                text[length++] = message[at] < 128 ? (byte)message[at] : (byte)'?';
            }

            text[length++] = (byte)'\n';
            WriteError(text, (nuint)length);
            ThrowHelpers.Stop();
        }

        [MethodImpl(MethodImplOptions.InternalCall)]
        [RuntimeImport("*", "quarry_write_error")]
        private static extern unsafe void WriteError(byte* text, nuint length);
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

    // csc requires this attribute for `ref` escape annotations.
    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Parameter)]
    public sealed class UnscopedRefAttribute : Attribute;
}
