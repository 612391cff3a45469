using System;
using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Quarry.Analyzers.CodeFixes;

/// <summary>Declares a handle that is never disposed with <c>using</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class UsingFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [Rules.NotDisposed.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode node = await NodeOfDiagnostic.FindAsync(context).ConfigureAwait(false);
        if (node is VariableDeclaratorSyntax declarator)
        {
            if (declarator.Parent?.Parent is LocalDeclarationStatementSyntax local && CanBeUsing(local))
            {
                Register(context, declarator.Identifier.Text, cancellation =>
                    DeclareWithUsingAsync(context.Document, local, cancellation));
            }
        }
        else if (node is ExpressionSyntax creation
            && await NewVariable.BeforeAsync(context, creation).ConfigureAwait(false) is { } variable)
        {
            Register(context, variable.Name, cancellation =>
                variable.InsertAsync(
                    context.Document,
                    creation.WithoutTrivia(),
                    creation,
                    SyntaxFactory.IdentifierName(variable.Name),
                    cancellation));
        }
    }

    private static void Register(
        CodeFixContext context,
        string name,
        Func<CancellationToken, Task<Document>> change) =>
        context.RegisterCodeFix(
            CodeAction.Create($"Declare '{name}' with 'using'", change, nameof(UsingFix)),
            context.Diagnostics);

    // A switch section declares nothing with 'using'.
    private static bool CanBeUsing(LocalDeclarationStatementSyntax declaration) =>
        declaration is { Declaration.Variables.Count: 1, Parent: BlockSyntax or GlobalStatementSyntax };

    private static async Task<Document> DeclareWithUsingAsync(
        Document document, LocalDeclarationStatementSyntax declaration, CancellationToken cancellation)
    {
        DocumentEditor editor =
            await DocumentEditor.CreateAsync(document, cancellation).ConfigureAwait(false);
        SyntaxToken keyword = SyntaxFactory.Token(SyntaxKind.UsingKeyword)
            .WithLeadingTrivia(declaration.GetLeadingTrivia())
            .WithTrailingTrivia(SyntaxFactory.Space);
        editor.ReplaceNode(
            declaration,
            declaration.WithLeadingTrivia(SyntaxFactory.TriviaList()).WithUsingKeyword(keyword));
        return editor.GetChangedDocument();
    }
}
