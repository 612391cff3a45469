using System;
using System.Linq;

namespace Quarry.Tests.Surface;

/// <summary>Types as they are written in C#, without namespaces.</summary>
internal static class TypeText
{
    internal static string Of(Type type)
    {
        if (type.IsByRef)
        {
            return $"ref {Of(type.GetElementType()!)}";
        }

        if (type.IsPointer)
        {
            return $"{Of(type.GetElementType()!)}*";
        }

        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[]";
        }

        if (type.IsFunctionPointer)
        {
            return "delegate*<" + string.Join(
                ", ", type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType())
                    .Select(Of)) + ">";
        }

        return type.IsGenericParameter ? type.Name : Outer(type) + NameOf(type);
    }

    internal static string Arguments(Type[] arguments) =>
        arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Of))}>";

    private static string Outer(Type type) =>
        type.DeclaringType is { } outer ? $"{outer.Name.Split('`')[0]}." : "";

    private static string NameOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "bool",
        TypeCode.Byte when !type.IsEnum => "byte",
        TypeCode.Char => "char",
        TypeCode.Double => "double",
        TypeCode.Int32 when !type.IsEnum => "int",
        TypeCode.Int64 when !type.IsEnum => "long",
        TypeCode.String => "string",
        TypeCode.UInt32 when !type.IsEnum => "uint",
        TypeCode.UInt64 when !type.IsEnum => "ulong",
        _ => type == typeof(void) ? "void"
            : type == typeof(object) ? "object"
            : type == typeof(nint) ? "nint"
            : type == typeof(nuint) ? "nuint"
            : type.Name.Split('`')[0] + Arguments(type.GetGenericArguments()),
    };
}
