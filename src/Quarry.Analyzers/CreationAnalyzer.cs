using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Quarry.Analyzers;

/// <summary>Reports default values of collections and allocators that have to be created.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CreationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics =>
        [Rules.NotCreated, Rules.NoExpression, Rules.DefaultAllocator];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(AnalyzeCreation, OperationKind.ObjectCreation);
        context.RegisterOperationAction(AnalyzeExpression, OperationKind.CollectionExpression);
        context.RegisterOperationAction(AnalyzeArgument, OperationKind.Argument);
    }

    private static void AnalyzeCreation(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        bool isDefault = creation.Constructor is { Parameters.IsEmpty: true, IsImplicitlyDeclared: true };
        if (!isDefault)
        {
            return;
        }

        if (Handles.IsCollection(creation.Type))
        {
            Report(context, Rules.NotCreated, NameOf(creation.Type!), "pass an allocator");
        }
        else if (Handles.HasToBeCreated(creation.Type))
        {
            Report(context, Rules.NotCreated, NameOf(creation.Type!), "use another constructor");
        }
    }

    private static void AnalyzeExpression(OperationAnalysisContext context)
    {
        ITypeSymbol? type = context.Operation.Type;
        if (Handles.IsCollection(type) && Handles.AllocatorOf(type!) is { } allocator
            && Handles.HasToBeCreated(allocator))
        {
            Report(context, Rules.NoExpression, NameOf(type!), NameOf(allocator));
        }
    }

    private static void AnalyzeArgument(OperationAnalysisContext context)
    {
        var argument = (IArgumentOperation)context.Operation;
        if (argument.ArgumentKind == ArgumentKind.Explicit
            && LocalUse.WithoutConversion(argument.Value) is IDefaultValueOperation { Type: { } type }
            && Handles.IsOfQuarry(argument.Parameter?.ContainingType)
            && Handles.HasToBeCreated(type))
        {
            Report(context, Rules.DefaultAllocator, NameOf(type));
        }
    }

    private static void Report(
        OperationAnalysisContext context, DiagnosticDescriptor rule, params string[] arguments) =>
        context.ReportDiagnostic(
            Diagnostic.Create(rule, context.Operation.Syntax.GetLocation(), arguments));

    private static string NameOf(ITypeSymbol type) =>
        type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
