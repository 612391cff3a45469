using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Quarry.Analyzers;

/// <summary>What a method does with a local variable that holds a handle.</summary>
internal sealed class LocalUse
{
    private readonly List<ILocalReferenceOperation> _references = [];

    internal LocalUse(IVariableDeclaratorOperation declarator) => Declarator = declarator;

    internal IVariableDeclaratorOperation Declarator { get; }

    internal ILocalSymbol Local => Declarator.Symbol;

    /// <summary>Gets the handle that the variable is initialized with.</summary>
    internal IOperation? Value => WithoutConversion(
        Declarator.GetVariableInitializer()?.Value);

    internal bool IsDisposed => Local.IsUsing || _references.Any(IsDisposing);

    /// <summary>
    /// Gets a value that indicates whether the handle may have another owner: it is returned, stored,
    /// captured, copied, or passed to code outside of the library.
    /// </summary>
    internal bool Escapes => _references.Any(reference => !IsReceiver(reference) && !IsLent(reference));

    internal void Add(ILocalReferenceOperation reference) => _references.Add(reference);

    internal static bool IsDisposing(ILocalReferenceOperation reference) =>
        reference.Parent is IInvocationOperation { TargetMethod.Name: "Dispose" } call
        && call.Instance == reference;

    /// <summary>Determines whether a member is called that is harmless on a handle without memory.</summary>
    internal static bool IsQuestion(ILocalReferenceOperation reference) =>
        reference.Parent is IPropertyReferenceOperation { Property.Name: "IsAlive" or "IsDefault" };

    internal static bool IsAssigned(ILocalReferenceOperation reference) =>
        reference.Parent is IAssignmentOperation assignment && assignment.Target == reference;

    /// <summary>Determines whether the variable is initialized with a new handle.</summary>
    internal bool IsCreatedHere => Creates(Value);

    /// <summary>Determines whether an expression creates a handle, which the caller owns.</summary>
    internal static bool Creates(IOperation? value) => value switch
    {
        IObjectCreationOperation creation => creation.Constructor?.IsImplicitlyDeclared == false,
        IInvocationOperation { TargetMethod: { IsStatic: true } method } =>
            method.Name is "Create" or "CreateUninitialized" or "Over"
            && Handles.IsOfQuarry(method.ContainingType),
        ICollectionExpressionOperation => true,
        _ => false,
    };

    internal static IOperation? WithoutConversion(IOperation? value)
    {
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        return value;
    }

    private bool IsReceiver(ILocalReferenceOperation reference) => !IsCaptured(reference)
        && reference.Parent switch
        {
            IInvocationOperation call => call.Instance == reference,
            IPropertyReferenceOperation property => property.Instance == reference,
            IForEachLoopOperation loop => loop.Collection == reference,
            IConversionOperation { Parent: IForEachLoopOperation } => true,
            _ => false,
        };

    // Extension methods of the library, constructors of collections and decorators: none of them takes the
    // handle over.
    private bool IsLent(ILocalReferenceOperation reference) => !IsCaptured(reference)
        && reference.Parent is IArgumentOperation argument
        && Handles.IsAllocator(reference.Type)
        && Handles.IsOfQuarry(argument.Parameter?.ContainingType);

    private bool IsCaptured(ILocalReferenceOperation reference)
    {
        for (IOperation? around = reference.Parent; around != null; around = around.Parent)
        {
            if (around is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return !SymbolEqualityComparer.Default.Equals(
                    Local.ContainingSymbol,
                    around is IAnonymousFunctionOperation lambda
                        ? lambda.Symbol
                        : ((ILocalFunctionOperation)around).Symbol);
            }
        }

        return false;
    }
}
