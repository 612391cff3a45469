using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Quarry.Tests.Surface;

/// <summary>The public types and members of an assembly as lines of text, in an order of their own.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
        | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    internal static string[] Of(Assembly assembly) =>
        [.. assembly.GetExportedTypes().Where(IsSpeakable).SelectMany(Lines).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        string name = TypeText.Of(type);
        yield return $"{name}: {Kind(type)}{string.Concat(Interfaces(type).Select(each => $", {each}"))}";
        foreach (MemberInfo member in type.GetMembers(Declared).Where(IsSpeakable))
        {
            if (Describe(member) is { } text)
            {
                yield return $"{name}.{text}";
            }
        }
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => $"enum of {TypeText.Of(Enum.GetUnderlyingType(type))}",
        { IsInterface: true } => "interface",
        { IsValueType: true } => (IsMarked<IsReadOnlyAttribute>(type) ? "readonly " : "")
            + (type.IsByRefLike ? "ref struct" : "struct"),
        { IsAbstract: true, IsSealed: true } => "static class",
        _ => (type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class")
            + (type.BaseType == typeof(object) ? "" : $" of {TypeText.Of(type.BaseType!)}"),
    };

    private static IEnumerable<string> Interfaces(Type type) => type.IsEnum
        ? []
        : type.GetInterfaces().Where(each => each.IsVisible).Select(TypeText.Of)
            .Order(StringComparer.Ordinal);

    private static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo field when IsVisible(field.IsPublic, field.IsFamily) && !field.IsSpecialName =>
            $"{field.Name}: {TypeText.Of(field.FieldType)}{Constant(field)}",
        PropertyInfo property when Accessors(property) is { Length: > 0 } accessors =>
            $"{property.Name}{Indices(property)}: {TypeText.Of(property.PropertyType)} {{ {accessors} }}",
        EventInfo { AddMethod: { IsPublic: true } } happening =>
            $"{happening.Name}: event {TypeText.Of(happening.EventHandlerType!)}",
        ConstructorInfo constructor when IsVisible(constructor.IsPublic, constructor.IsFamily) =>
            $"new({Parameters(constructor)})",
        MethodInfo method when IsVisible(method.IsPublic, method.IsFamily) && IsOrdinary(method) =>
            $"{method.Name}{TypeText.Arguments(method.GetGenericArguments())}({Parameters(method)}): "
            + (method.IsStatic ? "static " : "") + TypeText.Of(method.ReturnType),
        _ => null,
    };

    private static bool IsVisible(bool isPublic, bool isFamily) => isPublic || isFamily;

    private static bool IsOrdinary(MethodInfo method) =>
        !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Constant(FieldInfo field) =>
        field.IsLiteral ? $" = {field.GetRawConstantValue()}" : field.IsStatic ? " static" : "";

    private static string Accessors(PropertyInfo property) => string.Join(' ', new[]
    {
        property.GetMethod is { IsPublic: true } getter ? getter.IsStatic ? "static get" : "get" : null,
        property.SetMethod is { IsPublic: true } setter ? IsInit(setter) ? "init" : "set" : null,
    }.OfType<string>());

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Indices(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } indices ? $"[{Parameters(indices)}]" : "";

    private static string Parameters(MethodBase method) => Parameters(method.GetParameters());

    private static string Parameters(ParameterInfo[] parameters) =>
        string.Join(", ", parameters.Select(parameter =>
            (parameter.IsOut ? "out " : parameter.IsIn ? "in " : "")
            + $"{TypeText.Of(parameter.ParameterType)} {parameter.Name}"
            + (parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "default"}" : "")));

    private static bool IsMarked<TAttribute>(Type type) where TAttribute : Attribute =>
        type.IsDefined(typeof(TAttribute), inherit: false);

    // The compiler's own names have characters that no name in C# has.
    private static bool IsSpeakable(MemberInfo member) =>
        !member.Name.Contains('<') && !member.Name.Contains('$')
        && (member.DeclaringType == null || IsSpeakable(member.DeclaringType));
}
