using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Quarry.Samples.Tests.Documents;

/// <summary>Compiles blocks of C#: statements, whole files, or members of a class.</summary>
/// <remarks>
/// What a block uses but does not show, such as a stream, is in the prelude of its page: a file of
/// <c>Preludes</c>, which may have static members that the block uses by their simple names. Types of other
/// blocks of the page can be used, too.
/// </remarks>
internal static class BlockCompiler
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Runtime.InteropServices;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Quarry;
        """;

    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Preview);

    private static readonly CSharpCompilationOptions s_options = new(
        OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true);

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Compiles a block in the first form in which it can be parsed.</summary>
    /// <param name="block">The block.</param>
    /// <param name="others">The other blocks of the page.</param>
    /// <param name="assembly">The assembly; empty if there are errors.</param>
    /// <returns>The errors; empty if there are none.</returns>
    internal static IReadOnlyList<string> Compile(
        CodeBlock block, IEnumerable<CodeBlock> others, MemoryStream assembly)
    {
        CSharpCompilation compilation = Prepare(block, others, out SyntaxTree form);
        return
        [
            .. compilation.Emit(assembly).Diagnostics
                .Where(IsError)
                .Select(error => error.GetMessage() + Place(error, form)),
        ];
    }

    /// <summary>
    /// Returns the metadata names of the types that a block uses: by name, as those of its expressions, by
    /// their members, and by types that are derived from them.
    /// </summary>
    internal static IEnumerable<string> TypesIn(CodeBlock block, IEnumerable<CodeBlock> others)
    {
        SemanticModel model = Prepare(block, others, out SyntaxTree form).GetSemanticModel(form);
        return form.GetRoot().DescendantNodes()
            .SelectMany(node => new ISymbol?[]
            {
                model.GetSymbolInfo(node).Symbol,
                model.GetSymbolInfo(node).Symbol?.ContainingType,
                model.GetTypeInfo(node).Type,
            })
            .OfType<ITypeSymbol>()
            .SelectMany(WithParts)
            .Select(type => $"{type.ContainingNamespace}.{type.MetadataName}");
    }

    private static CSharpCompilation Prepare(
        CodeBlock block, IEnumerable<CodeBlock> others, out SyntaxTree form)
    {
        SyntaxTree[] forms = [.. Forms(block.Text).Select(Parse)];
        form = forms.FirstOrDefault(CanBeCompiled) ?? forms[0];
        IEnumerable<SyntaxTree> types = others.Select(other => Parse(other.Text)).Where(CanBeCompiled);
        SyntaxTree[] trees = [form, Parse(Usings), .. Prelude(block.Page).Select(Parse), .. types];
        return CSharpCompilation.Create("Block", trees, s_references, s_options);
    }

    private static IEnumerable<INamedTypeSymbol> WithParts(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => WithParts(array.ElementType),
        IPointerTypeSymbol pointer => WithParts(pointer.PointedAtType),
        INamedTypeSymbol named =>
        [
            named,
            .. named.TypeArguments.SelectMany(WithParts),
            .. named.BaseType == null ? [] : WithParts(named.BaseType),
        ],
        _ => [],
    };

    private static IEnumerable<string> Forms(string text)
    {
        string modifier = text.Contains("await ", StringComparison.Ordinal) ? "async Task" : "unsafe void";
        yield return $"static class Block {{ static {modifier} Run() {{\n{text}\n}} }}";
        yield return text;
        yield return $"unsafe class Block {{\n{text}\n}}";
    }

    // The README files are named by their folder.
    private static IEnumerable<string> Prelude(string page)
    {
        string name = Path.GetFileNameWithoutExtension(page);
        name = name == "README" ? "README." + Path.GetFileName(Path.GetDirectoryName(page)) : name;
        using Stream? stream = typeof(BlockCompiler).Assembly.GetManifestResourceStream(name.TrimEnd('.'));
        if (stream != null)
        {
            yield return new StreamReader(stream).ReadToEnd();
        }
    }

    // Statements and methods outside of a class are parsed, too, but belong to a program.
    private static bool CanBeCompiled(SyntaxTree form) =>
        !form.GetDiagnostics().Any(IsError)
            && !form.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();

    private static SyntaxTree Parse(string text) => CSharpSyntaxTree.ParseText(text, s_parsing);

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    private static string Place(Diagnostic error, SyntaxTree form)
    {
        string line = error.Location.GetLineSpan().StartLinePosition.Line is int number
            && error.Location.SourceTree is { } tree ? tree.GetText().Lines[number].ToString().Trim() : "";
        return $" in {(error.Location.SourceTree == form ? "the block" : "the prelude")}: {line}";
    }
}
