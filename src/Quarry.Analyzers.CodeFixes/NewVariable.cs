using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Quarry.Analyzers.CodeFixes;

/// <summary>
/// A variable for an allocator, declared with <c>using</c> before the statement that needs it.
/// </summary>
internal sealed class NewVariable
{
    private readonly StatementSyntax _statement;
    private readonly string _type;

    private NewVariable(StatementSyntax statement, string type, string name)
    {
        _statement = statement;
        _type = type;
        Name = name;
    }

    /// <summary>Gets the name of the variable, which is unused so far.</summary>
    internal string Name { get; }

    /// <summary>
    /// Returns a variable for the value of an expression, or null if no statement can be put before it.
    /// </summary>
    internal static async Task<NewVariable?> BeforeAsync(CodeFixContext context, ExpressionSyntax value)
    {
        SemanticModel model =
            (await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false))!;
        return Before(value, model, model.GetTypeInfo(value, context.CancellationToken).ConvertedType);
    }

    /// <inheritdoc cref="BeforeAsync"/>
    internal static NewVariable? Before(ExpressionSyntax place, SemanticModel model, ITypeSymbol? type)
    {
        // A lambda or a local function around the expression runs at another time than the statement.
        SyntaxNode? around = place.Ancestors().FirstOrDefault(
            node => node is StatementSyntax or AnonymousFunctionExpressionSyntax or MemberDeclarationSyntax);
        return around is StatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } statement
            && type != null
            ? new NewVariable(
                statement,
                type.ToMinimalDisplayString(model, place.SpanStart),
                UnusedName(model, place.SpanStart, type.Name))
            : null;
    }

    /// <summary>Declares the variable and replaces an expression by one that uses it.</summary>
    internal async Task<Document> InsertAsync(
        Document document,
        ExpressionSyntax value,
        ExpressionSyntax place,
        ExpressionSyntax use,
        CancellationToken cancellation)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        bool isTopLevel = _statement.Parent is GlobalStatementSyntax;
        SyntaxNode anchor = isTopLevel ? _statement.Parent! : _statement;
        StatementSyntax declaration = SyntaxFactory
            .ParseStatement($"using {_type} {Name} = {value};")
            .WithLeadingTrivia(anchor.GetLeadingTrivia())
            .WithTrailingTrivia(SyntaxFactory.ElasticLineFeed);
        SyntaxNode changed = anchor.ReplaceNode(place, use.WithTriviaFrom(place))
            .WithLeadingTrivia(anchor.GetLeadingTrivia().Where(IsIndentation));
        SyntaxNode[] statements =
            [isTopLevel ? SyntaxFactory.GlobalStatement(declaration) : declaration, changed];
        return document.WithSyntaxRoot(root.ReplaceNode(anchor, statements));
    }

    // Comments and directives before the statement stay before both.
    private static bool IsIndentation(SyntaxTrivia trivia) => trivia.IsKind(SyntaxKind.WhitespaceTrivia);

    private static string UnusedName(SemanticModel model, int position, string type)
    {
        string name = char.ToLowerInvariant(type[0]) + type.Substring(1);
        string[] used = [.. model.LookupSymbols(position).Select(symbol => symbol.Name)];
        string unused = name;
        for (int number = 2; used.Contains(unused, StringComparer.Ordinal); number++)
        {
            unused = name + number;
        }

        return unused;
    }
}
