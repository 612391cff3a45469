using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Reflection;

namespace Quarry;

/// <summary>One frame of a stack that allocated: a method and the place in it.</summary>
public sealed class AllocationFrame
{
    internal AllocationFrame(StackFrame frame)
    {
        MethodBase? method = StackDepot.MethodOf(frame);
        TypeName = method?.DeclaringType?.ToString();
        MethodName = method?.Name;
        Method = method == null ? frame.ToString().Trim() : Describe(method);
        File = frame.GetFileName();
        Line = frame.GetFileLineNumber();
    }

    /// <summary>The full name of the type the method is declared in; null if it is not known.</summary>
    public string? TypeName { get; }

    /// <summary>The name of the method; null if it is not known.</summary>
    public string? MethodName { get; }

    /// <summary>The method with its type and its parameters.</summary>
    public string Method { get; }

    /// <summary>The source file; null where there are no symbols.</summary>
    public string? File { get; }

    /// <summary>The line in the file, from 1; 0 where there are no symbols.</summary>
    public int Line { get; }

    /// <inheritdoc/>
    public override string ToString() => File == null
        ? $"at {Method}"
        : string.Create(CultureInfo.InvariantCulture, $"at {Method} in {File}:line {Line}");

    private static string Describe(MethodBase method)
    {
        IEnumerable<string> parameters =
            method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}");
        return $"{method.DeclaringType}.{method.Name}({string.Join(", ", parameters)})";
    }
}
