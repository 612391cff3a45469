using Xunit;

namespace Quarry.Tests.Analyzers;

/// <summary>Allocators whose copies have states of their own.</summary>
public sealed class StateAnalyzerTests
{
    private const string Allocate = "public void* Allocate(Layout layout)";

    [Theory]
    [InlineData("nuint _n; " + Allocate + " { _n += layout.Size; return null; }", "QRY107 1: _n")]
    [InlineData("nuint _n; " + Allocate + " { this._n = 1; return null; }", "QRY107 1: this._n")]
    [InlineData("int _n; " + Allocate + " { _n++; return null; }", "QRY107 1: _n")]
    [InlineData("int _n; " + Allocate + " { Interlocked.Increment(ref _n); return null; }", "QRY107 1: _n")]
    [InlineData("(int A, int B) _n; " + Allocate + " { _n.A = 1; return null; }", "QRY107 1: _n")]
    [InlineData("int N { get; set; } " + Allocate + " { N = 1; return null; }", "QRY107 1: N")]
    public void A_field_that_a_method_changes(string members, string report) =>
        Assert.Equal([report], Snippet.AnalyzeAllocator(members));

    [Theory]
    [InlineData("int* _n; public Mine(int* n) => _n = n; " + Allocate + " { *_n += 1; return _n; }")]
    [InlineData("static int s_n; " + Allocate + " { s_n++; return null; }")]
    [InlineData("Heap _inner; " + Allocate + " => _inner.Allocate(layout);")]
    [InlineData("int _n; public int Limit { get => _n; set => _n = value; } " + Allocate + " => null;")]
    [InlineData("int _n; static Mine Make() { Mine mine = default; mine._n = 1; return mine; } "
        + Allocate + " { int copy = _n; copy++; return null; }")]
    public void A_field_that_stays(string members) => Assert.Empty(Snippet.AnalyzeAllocator(members));
}
