using System;
using System.IO;
using System.Linq;

namespace Quarry.Gc.Tests.Harness;

/// <summary>The C# compiler of the SDK, a large .NET program.</summary>
internal static class Compiler
{
    private static string Sdk { get; } =
        Directory.GetDirectories(Path.Combine(DotNet.Root, "sdk")).Order().Last();

    /// <summary>Creates a folder with a <c>source.cs</c> of many types.</summary>
    internal static string CreateSource(string name)
    {
        string folder = Repository.FreshFolder(name);
        File.WriteAllLines(Path.Combine(folder, "source.cs"), Enumerable.Range(0, 300).Select(number =>
            $"public class C{number}<T> {{ public System.Func<T, int> F = x => {number};"
            + $" public object G() => new {{ X = {number}, Y = \"{number:x}\" }}; }}"));
        return folder;
    }

    /// <summary>Compiles <c>source.cs</c> in a folder, and returns the library.</summary>
    internal static byte[] Compile(string folder, string output, Func<Run, Run> configure)
    {
        _ = Directory.CreateDirectory(Path.Combine(folder, output));
        string reference = Path.Combine(DotNet.Runtime, "System.Private.CoreLib.dll");
        string[] options =
        [
            "-nologo", "-deterministic", "-optimize", "-target:library", "-noconfig", "-nostdlib",
            $"-r:{reference}",
        ];
        string program = Path.Combine(Sdk, "Roslyn", "bincore", "csc.dll");
        Run compiler = new(DotNet.Host, [program, .. options, $"-out:{output}/source.dll", "source.cs"])
        {
            Folder = folder,
        };
        _ = configure(compiler).Start().Clean();
        return File.ReadAllBytes(Path.Combine(folder, output, "source.dll"));
    }
}
