using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Quarry.Analyzers;
using Xunit;

namespace Quarry.Tests.Analyzers;

/// <summary>Statements of a method that uses the library, and what the analyzers report on them.</summary>
internal static class Snippet
{
    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is { } name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name == "Quarry.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Returns each report as <c>RULE line: text in the source</c>; lines count from 1.</summary>
    internal static string[] Analyze(string statements) =>
        [.. Diagnostics(statements).Select(Describe).Order(StringComparer.Ordinal)];

    internal static string Message(string statements) =>
        Assert.Single(Diagnostics(statements)).GetMessage(null);

    /// <summary>
    /// Returns the reports on an allocator with these members, beside bodies for what it has to implement.
    /// </summary>
    internal static string[] AnalyzeAllocator(string members) =>
        [.. DiagnosticsOf($$"""
            using System; using System.Threading; using Quarry;
            unsafe struct Mine : IAllocator {
            public static AllocatorTraits Traits => default;
            public void* AllocateZeroed(Layout layout) => null;
            public void Deallocate(void* block, Layout layout) { }
            public void* Reallocate(void* block, Layout layout, nuint newSize) => null;
            public bool TryResize(void* block, Layout layout, nuint newSize) => false;
            public nuint UsableSize(void* block, Layout layout) => layout.Size;
            public bool Owns(void* block) => false;
            public void DeallocateAll() { }
            #line 1
            {{members}}
            }
            """).Select(Describe).Order(StringComparer.Ordinal)];

    private static ImmutableArray<Diagnostic> Diagnostics(string statements) => DiagnosticsOf($$"""
            using System; using System.Collections.Generic; using Quarry;
            static unsafe class Program { static object s_kept; static void Keep<T>(T value) { }
            static void Use(Heap heap, Arena arena) {
            #line 1
            {{statements}}
            } }
            """);

    private static ImmutableArray<Diagnostic> DiagnosticsOf(string source)
    {
        var compilation = CSharpCompilation.Create(
            "snippet",
            [CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest))],
            s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Assert.Empty(compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error));
        return compilation
            .WithAnalyzers([new LifetimeAnalyzer(), new CreationAnalyzer(), new StateAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    private static string Describe(Diagnostic diagnostic)
    {
        Location place = diagnostic.Location;
        int line = place.GetMappedLineSpan().StartLinePosition.Line + 1;
        return $"{diagnostic.Id} {line}: {place.SourceTree!.GetText().ToString(place.SourceSpan)}";
    }
}
