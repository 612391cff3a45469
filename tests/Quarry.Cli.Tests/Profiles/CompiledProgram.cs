using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

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
        _ = Run(compiler, [.. options, "-o", program, file], skip: true);
        return new CompiledProgram(program, Read(program));
    }

    /// <summary>Runs a tool; skips the test where it is missing, if asked to.</summary>
    internal static string Run(string tool, string[] arguments, bool skip = false)
    {
        try
        {
            ProcessStartInfo start = new(tool, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = skip,
            };
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            string error = skip ? process.StandardError.ReadToEnd() : "";
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}: {error}");
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{tool} is not on this machine");
            throw;
        }
    }

    private static Dictionary<string, ulong> Read(string program) => Run(program, [])
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(" 0x"))
        .ToDictionary(
            words => words[0],
            words => ulong.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
