using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Quarry.Analyzers.CodeFixes;

/// <summary>Finds what a diagnostic was reported on.</summary>
internal static class NodeOfDiagnostic
{
    // The innermost of those at the location: an argument and its expression are at the same one.
    internal static async Task<SyntaxNode> FindAsync(CodeFixContext context)
    {
        SyntaxNode root =
            (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        return root.FindNode(context.Diagnostics.First().Location.SourceSpan, getInnermostNodeForTie: true);
    }
}
