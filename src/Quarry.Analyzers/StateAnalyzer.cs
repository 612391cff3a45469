using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Quarry.Analyzers;

/// <summary>
/// Reports allocators of the user's own that change a field of the struct: a copy has a state of its own.
/// </summary>
/// <remarks>
/// Collections and decorators store a copy of the allocator, and calls through a type argument may be made on
/// further copies. Two of them then allocate the same memory, or what one of them counts is lost.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StateAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.StateInCopy];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(
            AnalyzeReference, OperationKind.FieldReference, OperationKind.PropertyReference);
    }

    private static void AnalyzeReference(OperationAnalysisContext context)
    {
        var reference = (IMemberReferenceOperation)context.Operation;
        if (reference.Instance is IInstanceReferenceOperation
            && Handles.IsAllocator(reference.Member.ContainingType)
            && IsOfAllocator(context.ContainingSymbol) && IsStored(reference.Member) && IsChanged(reference))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.StateInCopy,
                reference.Syntax.GetLocation(),
                reference.Member.ContainingType.Name,
                reference.Member.Name));
        }
    }

    // Constructors, static factories and property setters prepare a value before it is copied.
    private static bool IsOfAllocator(ISymbol member) => member is IMethodSymbol
    {
        IsStatic: false,
        MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation,
    };

    private static bool IsStored(ISymbol member) => member switch
    {
        IFieldSymbol field => !field.IsStatic,
        IPropertySymbol property => !property.IsStatic && property.ContainingType.GetMembers()
            .OfType<IFieldSymbol>()
            .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)),
        _ => false,
    };

    /// <summary>Determines whether the member itself, or a field of it, is written.</summary>
    private static bool IsChanged(IOperation place)
    {
        IOperation outermost = place;
        while (outermost.Parent is IFieldReferenceOperation { Field.ContainingType.IsValueType: true } part
            && part.Instance == outermost)
        {
            outermost = part;
        }

        return outermost.Parent switch
        {
            IAssignmentOperation assignment => assignment.Target == outermost,
            IIncrementOrDecrementOperation => true,
            IArgumentOperation argument => argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out,
            _ => false,
        };
    }
}
