using System.Collections.Generic;

namespace Quarry.TestSupport;

/// <summary>Compilers of C and C++.</summary>
public static class NativeCompiler
{
    /// <summary>Compiles a program or a library; skips the test without the compiler.</summary>
    /// <param name="compiler">The name of the compiler.</param>
    /// <param name="output">The path of what it writes.</param>
    /// <param name="arguments">Its other arguments.</param>
    /// <returns><paramref name="output"/>.</returns>
    public static string Compile(string compiler, string output, params IEnumerable<string> arguments)
    {
        _ = new Run(Tool.Require(compiler), [.. arguments, "-o", output]).Start().ExpectSuccess();
        return output;
    }
}
