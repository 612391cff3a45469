using Microsoft.CodeAnalysis;

namespace Quarry.Analyzers;

/// <summary>The rules, in the order of their numbers.</summary>
internal static class Rules
{
    private const string Category = "Quarry.Lifetime";

    internal static readonly DiagnosticDescriptor NotDisposed = Warning(
        "QRY101",
        "A handle is never disposed",
        "'{0}' is never disposed; declare it with 'using', or dispose of it",
        "A collection or an allocator that nothing else frees loses its memory with its last handle.");

    internal static readonly DiagnosticDescriptor UsedAfterDispose = Warning(
        "QRY102",
        "A handle is used after it was disposed",
        "'{0}' was disposed above",
        "Members of a disposed collection or allocator throw, or read memory that serves another purpose.");

    internal static readonly DiagnosticDescriptor DisposedTwice = Warning(
        "QRY103",
        "A handle and its copy are both disposed",
        "'{0}' is a copy of '{1}', and both are disposed; dispose of one of them",
        "Copies of a handle are the same collection or allocator, which has one owner.");

    internal static readonly DiagnosticDescriptor NotCreated = Warning(
        "QRY104",
        "'new' without arguments creates no collection and no allocator",
        "'new {0}()' is the default value, which cannot be used; {1}",
        "The default value of a collection or an allocator was never created.");

    internal static readonly DiagnosticDescriptor NoExpression = Warning(
        "QRY105",
        "A collection expression needs an allocator that works as its default value",
        "A collection expression cannot create '{0}', because its allocator '{1}' has to be created first; "
        + "pass the allocator to a constructor",
        "Collection expressions name no allocator, so they use its default value.");

    internal static readonly DiagnosticDescriptor DefaultAllocator = Warning(
        "QRY106",
        "An allocator is the default value",
        "The default value of '{0}' is not an allocator; create one",
        "The default value of an allocator with state was never created, and serves no request.");

    internal static readonly DiagnosticDescriptor StateInCopy = Warning(
        "QRY107",
        "An allocator changes a field of itself",
        "'{0}' changes its field '{1}', of which each copy of the allocator has its own; keep the state "
        + "behind a pointer, such as a StateHandle",
        "Collections and decorators store copies of an allocator, which have to be the same allocator.");

    private static DiagnosticDescriptor Warning(
        string id, string title, string message, string description) =>
        new(id, title, message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, description);
}
