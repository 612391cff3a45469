using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Quarry.Analyzers;

/// <summary>
/// Reports handles in local variables that are never disposed, are used after they were disposed, or are
/// disposed together with a copy.
/// </summary>
/// <remarks>
/// What may be right is not reported: a handle that leaves the method, that another method gets, or whose
/// disposal depends on a condition.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LifetimeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics =>
        [Rules.NotDisposed, Rules.UsedAfterDispose, Rules.DisposedTwice];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationBlockAction(Analyze);
    }

    private static void Analyze(OperationBlockAnalysisContext context)
    {
        foreach (IOperation block in context.OperationBlocks)
        {
            ReportUnnamed(context, block);
            Dictionary<ISymbol, LocalUse> uses = UsesIn(block);
            foreach (LocalUse use in uses.Values)
            {
                ReportNotDisposed(context, use);
                ReportDisposedTwice(context, use, uses);
            }

            foreach (IBlockOperation body in block.DescendantsAndSelf().OfType<IBlockOperation>())
            {
                ReportUsesAfterDispose(context, body, uses);
            }
        }
    }

    private static Dictionary<ISymbol, LocalUse> UsesIn(IOperation block)
    {
        Dictionary<ISymbol, LocalUse> uses = new(SymbolEqualityComparer.Default);
        foreach (IOperation operation in block.DescendantsAndSelf())
        {
            if (operation is IVariableDeclaratorOperation declarator
                && Handles.IsHandle(declarator.Symbol.Type))
            {
                uses[declarator.Symbol] = new LocalUse(declarator);
            }
        }

        foreach (ILocalReferenceOperation reference in
            block.DescendantsAndSelf().OfType<ILocalReferenceOperation>())
        {
            if (uses.TryGetValue(reference.Local, out LocalUse use))
            {
                use.Add(reference);
            }
        }

        return uses;
    }

    private static void ReportNotDisposed(OperationBlockAnalysisContext context, LocalUse use)
    {
        bool isLeftToAllocator = Handles.IsCollection(use.Local.Type)
            && Handles.FreesAll(Handles.AllocatorOf(use.Local.Type));
        if (use.IsCreatedHere && !use.IsDisposed && !use.Escapes && !isLeftToAllocator)
        {
            Report(context, Rules.NotDisposed, use.Declarator.Syntax, use.Local.Name);
        }
    }

    /// <summary>Reports allocators created as an argument, which leaves nothing to dispose.</summary>
    private static void ReportUnnamed(OperationBlockAnalysisContext context, IOperation block)
    {
        foreach (IArgumentOperation argument in block.DescendantsAndSelf().OfType<IArgumentOperation>())
        {
            IOperation? value = LocalUse.WithoutConversion(argument.Value);
            if (LocalUse.Creates(value) && Handles.IsHandle(value!.Type) && Handles.IsAllocator(value.Type)
                && Handles.IsOfQuarry(argument.Parameter?.ContainingType))
            {
                Report(context, Rules.NotDisposed, value.Syntax, value.Syntax.ToString());
            }
        }
    }

    private static void ReportDisposedTwice(
        OperationBlockAnalysisContext context, LocalUse use, Dictionary<ISymbol, LocalUse> uses)
    {
        if (use.IsDisposed && use.Value is ILocalReferenceOperation source
            && uses.TryGetValue(source.Local, out LocalUse original) && original.IsDisposed)
        {
            Report(context, Rules.DisposedTwice, use.Declarator.Syntax, use.Local.Name, source.Local.Name);
        }
    }

    /// <summary>Reports the first use behind a statement that disposes of a local.</summary>
    private static void ReportUsesAfterDispose(
        OperationBlockAnalysisContext context, IBlockOperation body, Dictionary<ISymbol, LocalUse> uses)
    {
        for (int index = 0; index < body.Operations.Length; index++)
        {
            if (body.Operations[index] is IExpressionStatementOperation
                {
                    Operation: IInvocationOperation { Instance: ILocalReferenceOperation disposed },
                }
                && LocalUse.IsDisposing(disposed) && uses.ContainsKey(disposed.Local)
                && FirstUse(body, index + 1, disposed.Local) is { } used)
            {
                Report(context, Rules.UsedAfterDispose, used.Syntax, disposed.Local.Name);
            }
        }
    }

    private static ILocalReferenceOperation? FirstUse(IBlockOperation body, int start, ILocalSymbol local)
    {
        IEnumerable<ILocalReferenceOperation> later = body.Operations.Skip(start)
            .SelectMany(statement => statement.DescendantsAndSelf())
            .OfType<ILocalReferenceOperation>()
            .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local));
        foreach (ILocalReferenceOperation reference in later)
        {
            if (LocalUse.IsAssigned(reference))
            {
                return null;
            }

            if (!LocalUse.IsQuestion(reference) && !LocalUse.IsDisposing(reference))
            {
                return reference;
            }
        }

        return null;
    }

    private static void Report(
        OperationBlockAnalysisContext context,
        DiagnosticDescriptor rule,
        SyntaxNode place,
        params string[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, place.GetLocation(), arguments));
}
