using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Quarry.Analyzers.CodeFixes;

/// <summary>Finds the allocators that an expression can name.</summary>
internal static class AllocatorsInScope
{
    /// <summary>
    /// Returns the names of variables, parameters, fields and properties of a type, the innermost first, and
    /// <c>default</c> for an allocator that works as its default value.
    /// </summary>
    internal static string[] Find(SemanticModel model, int position, ITypeSymbol allocator) =>
        Handles.HasToBeCreated(allocator)
            ? [.. Symbols(model, position, allocator).Select(symbol => symbol.Name)]
            : ["default"];

    private static IEnumerable<ISymbol> Symbols(SemanticModel model, int position, ITypeSymbol allocator)
    {
        bool isStatic = model.GetEnclosingSymbol(position)?.IsStatic == true;
        return model.LookupSymbols(position)
            .Where(symbol => SymbolEqualityComparer.Default.Equals(TypeOf(symbol), allocator)
                && (symbol is ILocalSymbol or IParameterSymbol || symbol.IsStatic || !isStatic)
                && (symbol is not ILocalSymbol || IsDeclaredBefore(symbol, position)))
            .OrderBy(symbol => symbol switch { ILocalSymbol => 0, IParameterSymbol => 1, _ => 2 });
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol { IsIndexer: false, GetMethod: not null } property => property.Type,
        _ => null,
    };

    private static bool IsDeclaredBefore(ISymbol local, int position) =>
        local.DeclaringSyntaxReferences.All(declaration => declaration.Span.End <= position);
}
