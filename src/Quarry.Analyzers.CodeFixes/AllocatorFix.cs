using System;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Quarry.Analyzers.CodeFixes;

/// <summary>
/// Passes an allocator where a collection or decorator was created without one: an allocator in scope, or a
/// new one in a variable.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AllocatorFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds =>
        [Rules.NotCreated.Id, Rules.NoExpression.Id, Rules.DefaultAllocator.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode node = await NodeOfDiagnostic.FindAsync(context).ConfigureAwait(false);
        SemanticModel model =
            (await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (node is not ExpressionSyntax place
            || model.GetTypeInfo(place, context.CancellationToken).ConvertedType is not { } type
            || MissingAllocator(place, type) is not { } allocator)
        {
            return;
        }

        string[] names = AllocatorsInScope.Find(model, place.SpanStart, allocator);
        foreach (string name in names)
        {
            Register(context, $"Pass '{name}'", name, cancellation =>
                ReplaceAsync(context.Document, place, name, cancellation));
        }

        if (names.Length == 0 && IsCreatedWithoutArguments(allocator)
            && NewVariable.Before(place, model, allocator) is { } variable)
        {
            ExpressionSyntax creation = SyntaxFactory.ParseExpression("new()");
            ExpressionSyntax use = WithAllocator(place, variable.Name);
            Register(context, $"Create '{variable.Name}' and pass it", nameof(NewVariable), cancellation =>
                variable.InsertAsync(context.Document, creation, place, use, cancellation));
        }
    }

    private static void Register(
        CodeFixContext context,
        string title,
        string key,
        Func<CancellationToken, Task<Document>> change) =>
        context.RegisterCodeFix(CodeAction.Create(title, change, key), context.Diagnostics);

    /// <summary>Returns the type of the allocator that is missing, or null if more than that is.</summary>
    private static ITypeSymbol? MissingAllocator(ExpressionSyntax place, ITypeSymbol type) => place switch
    {
        BaseObjectCreationExpressionSyntax => AllocatorOfConstructor(type),
        CollectionExpressionSyntax { Elements: var elements } =>
            elements.All(element => element is ExpressionElementSyntax)
                && (elements.Count == 0 || type.GetMembers("Add").Length > 0)
                ? AllocatorOfConstructor(type)
                : null,
        _ => type,
    };

    private static ITypeSymbol? AllocatorOfConstructor(ITypeSymbol type) => ((INamedTypeSymbol)type)
        .InstanceConstructors
        .Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public
            && constructor.Parameters.Length > 0 && constructor.Parameters.Skip(1).All(IsOptional))
        .Select(constructor => constructor.Parameters[0].Type)
        .FirstOrDefault(Handles.IsAllocator);

    private static bool IsCreatedWithoutArguments(ITypeSymbol allocator) => ((INamedTypeSymbol)allocator)
        .InstanceConstructors
        .Any(constructor => !constructor.IsImplicitlyDeclared
            && constructor.DeclaredAccessibility == Accessibility.Public
            && constructor.Parameters.All(IsOptional));

    private static bool IsOptional(IParameterSymbol parameter) => parameter.IsOptional;

    private static ExpressionSyntax WithAllocator(ExpressionSyntax place, string allocator)
    {
        ExpressionSyntax value = SyntaxFactory.ParseExpression(allocator);
        ArgumentListSyntax arguments = SyntaxFactory.ArgumentList(
            SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(value)));
        return place switch
        {
            ObjectCreationExpressionSyntax { ArgumentList: null } creation => creation
                .WithType(creation.Type.WithoutTrailingTrivia())
                .WithArgumentList(arguments.WithTrailingTrivia(creation.Type.GetTrailingTrivia())),
            BaseObjectCreationExpressionSyntax creation => creation
                .WithArgumentList(arguments.WithTriviaFrom(creation.ArgumentList!)),
            CollectionExpressionSyntax { Elements.Count: 0 } =>
                SyntaxFactory.ParseExpression($"new({allocator})"),
            CollectionExpressionSyntax { Elements: var elements } =>
                SyntaxFactory.ParseExpression($"new({allocator}) {{ {elements} }}"),
            _ => value,
        };
    }

    private static async Task<Document> ReplaceAsync(
        Document document, ExpressionSyntax place, string allocator, CancellationToken cancellation)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        ExpressionSyntax fixedPlace = WithAllocator(place, allocator).WithTriviaFrom(place);
        return document.WithSyntaxRoot(root.ReplaceNode(place, fixedPlace));
    }
}
