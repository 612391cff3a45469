using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Quarry.Analyzers.CodeFixes;

/// <summary>Leaves the disposal of a handle to its original by removing <c>using</c> from the copy.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class CopyFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [Rules.DisposedTwice.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode node = await NodeOfDiagnostic.FindAsync(context).ConfigureAwait(false);
        if (node is VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax declaration }
            && declaration.UsingKeyword != default && declaration.Declaration.Variables.Count == 1)
        {
            context.RegisterCodeFix(
                CodeAction.Create(
                    "Remove 'using' from the copy",
                    cancellation => RemoveUsingAsync(context.Document, declaration, cancellation),
                    nameof(CopyFix)),
                context.Diagnostics);
        }
    }

    private static async Task<Document> RemoveUsingAsync(
        Document document, LocalDeclarationStatementSyntax declaration, CancellationToken cancellation)
    {
        DocumentEditor editor =
            await DocumentEditor.CreateAsync(document, cancellation).ConfigureAwait(false);
        editor.ReplaceNode(
            declaration,
            declaration.WithUsingKeyword(default).WithLeadingTrivia(declaration.GetLeadingTrivia()));
        return editor.GetChangedDocument();
    }
}
