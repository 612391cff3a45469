using System;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Quarry.Analyzers;

/// <summary>Determines what types of the library are.</summary>
internal static class Handles
{
    /// <summary>Determines whether a type is a collection or allocator that its owner disposes.</summary>
    internal static bool IsHandle(ITypeSymbol? type) =>
        IsOfQuarry(type) && type!.TypeKind == TypeKind.Struct && !type.IsRefLikeType
        && Implements(type, "IDisposable") && (IsCollection(type) || IsAllocator(type));

    internal static bool IsAllocator(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Struct } && Implements(type, "IAllocator");

    internal static bool IsCollection(ITypeSymbol? type) =>
        IsOfQuarry(type) && type!.TypeKind == TypeKind.Struct && AllocatorOf(type) != null
        && type.Name.StartsWith("Native", StringComparison.Ordinal) && type.ContainingType == null;

    /// <summary>Returns the allocator of a collection, which is its last type argument.</summary>
    internal static ITypeSymbol? AllocatorOf(ITypeSymbol collection) =>
        collection is INamedTypeSymbol { IsGenericType: true } named && !IsAllocator(named)
        && IsAllocatorOrParameter(named.TypeArguments.Last())
            ? named.TypeArguments.Last()
            : null;

    /// <summary>
    /// Determines whether an allocator of the library has state, so that its default value is none.
    /// </summary>
    internal static bool HasToBeCreated(ITypeSymbol? type) =>
        IsOfQuarry(type) && IsAllocator(type) && type!.GetMembers().OfType<IFieldSymbol>().Any(IsState);

    /// <summary>
    /// Determines whether an allocator frees all of its blocks at its end, so that collections may be left to
    /// it.
    /// </summary>
    internal static bool FreesAll(ITypeSymbol? allocator) =>
        allocator is ITypeParameterSymbol
        || !IsOfQuarry(allocator)
        || allocator!.Name is "Heap" or "Arena" or "Bump" or "FixedBuffer" or "Pool"
        || ((INamedTypeSymbol)allocator).TypeArguments.Where(IsAllocatorOrParameter).Any(FreesAll);

    internal static bool IsOfQuarry(ISymbol? symbol) => symbol?.ContainingNamespace is
    {
        Name: "Quarry", ContainingNamespace.IsGlobalNamespace: true,
    };

    private static bool IsState(IFieldSymbol field) => !field.IsStatic && !field.IsConst
        && (!IsAllocator(field.Type) || HasToBeCreated(field.Type));

    private static bool IsAllocatorOrParameter(ITypeSymbol type) => IsAllocator(type)
        || (type is ITypeParameterSymbol parameter
            && parameter.ConstraintTypes.Any(constraint => constraint.Name == "IAllocator"));

    private static bool Implements(ITypeSymbol type, string name) =>
        type.AllInterfaces.Any(implemented => implemented.Name == name
            && implemented.ContainingNamespace.Name is "Quarry" or "System");
}
