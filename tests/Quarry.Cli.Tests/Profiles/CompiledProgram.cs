using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>
/// A program that prints lines "label 0xOFFSET": addresses in its functions, relative to its first byte.
/// </summary>
internal sealed record CompiledProgram(string Path, IReadOnlyDictionary<string, ulong> Offsets)
{
    /// <summary>Where the tests pretend that programs are loaded.</summary>
    internal const ulong Base = 0x5555_0000_0000;

    /// <summary>Compiles a program; skips the test where there is no such compiler.</summary>
    internal static CompiledProgram Compile(
        string folder, string compiler, string extension, string source, params string[] options)
    {
        string file = System.IO.Path.Combine(folder, "source" + extension);
        string program = System.IO.Path.Combine(folder, "program");
        File.WriteAllText(file, source);
        _ = NativeCompiler.Compile(compiler, program, [.. options, file]);
        return new CompiledProgram(program, Read(program));
    }

    private static Dictionary<string, ulong> Read(string program) => new Run(program).Start().ExpectSuccess()
        .Lines.Select(line => line.Split(" 0x"))
        .ToDictionary(
            words => words[0],
            words => ulong.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
