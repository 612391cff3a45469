using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Quarry.Analyzers;
using Quarry.Analyzers.CodeFixes;
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
        [.. DiagnosticsOf(Source(statements)).Select(Describe).Order(StringComparer.Ordinal)];

    internal static string Message(string statements) =>
        Assert.Single(DiagnosticsOf(Source(statements))).GetMessage(null);

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

    /// <summary>Returns the titles of the fixes that are offered for the first report.</summary>
    internal static string[] Fixes(string statements)
    {
        using AdhocWorkspace workspace = new();
        return [.. Actions(ProjectOf(workspace, Source(statements))).Select(action => action.Title)];
    }

    /// <summary>Returns the statements after the fix of this title, which have to compile.</summary>
    internal static string Fix(string statements, string title)
    {
        using AdhocWorkspace workspace = new();
        Project project = ProjectOf(workspace, Source(statements));
        CodeAction action = Actions(project).Single(action => action.Title == title);
        CodeActionOperation change = Assert.Single(Wait(action.GetOperationsAsync(CancellationToken.None)));
        Project changed = ((ApplyChangesOperation)change).ChangedSolution.GetProject(project.Id)!;
        _ = DiagnosticsOf(changed);
        string text = Wait(changed.Documents.Single().GetTextAsync(CancellationToken.None)).ToString();
        string after = text.Split(["#line 1\n", "\n} }"], StringSplitOptions.None)[1];

        // Without the indentation, which the formatter chooses.
        return string.Join('\n', after.Split('\n', StringSplitOptions.TrimEntries));
    }

    private static CodeFixProvider[] Providers => [new UsingFix(), new CopyFix(), new AllocatorFix()];

    private static List<CodeAction> Actions(Project project)
    {
        List<CodeAction> actions = [];
        Diagnostic report = DiagnosticsOf(project)[0];
        CodeFixContext context = new(
            project.Documents.Single(), report, (action, _) => actions.Add(action), CancellationToken.None);
        foreach (CodeFixProvider provider in Providers.Where(p => p.FixableDiagnosticIds.Contains(report.Id)))
        {
            provider.RegisterCodeFixesAsync(context).GetAwaiter().GetResult();
        }

        return actions;
    }

    private static string Source(string statements) => $$"""
            using System; using System.Collections.Generic; using Quarry;
            static unsafe class Program { static object s_kept; static void Keep<T>(T value) { }
            static void Use(Heap heap, Arena arena) {
            #line 1
            {{statements}}
            } }
            """;

    private static ImmutableArray<Diagnostic> DiagnosticsOf(string source)
    {
        using AdhocWorkspace workspace = new();
        return DiagnosticsOf(ProjectOf(workspace, source));
    }

    private static Project ProjectOf(AdhocWorkspace workspace, string source) => workspace
        .AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "snippet",
            "snippet",
            LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true),
            parseOptions: new CSharpParseOptions(LanguageVersion.Latest),
            metadataReferences: s_references))
        .AddDocument("Program.cs", source).Project;

    private static ImmutableArray<Diagnostic> DiagnosticsOf(Project project)
    {
        Compilation compilation = Wait(project.GetCompilationAsync())!;
        Assert.Empty(compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error));
        return compilation
            .WithAnalyzers([new LifetimeAnalyzer(), new CreationAnalyzer(), new StateAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static string Describe(Diagnostic diagnostic)
    {
        Location place = diagnostic.Location;
        int line = place.GetMappedLineSpan().StartLinePosition.Line + 1;
        return $"{diagnostic.Id} {line}: {place.SourceTree!.GetText().ToString(place.SourceSpan)}";
    }
}
