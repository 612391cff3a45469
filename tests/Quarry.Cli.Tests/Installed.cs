using System.IO;
using System.Linq;
using Quarry.Tools.Allocators;
using Xunit;

namespace Quarry.Cli.Tests;

/// <summary>What this machine has; a test that needs more is skipped by name.</summary>
internal static class Installed
{
    /// <summary>
    /// A shell line is a convenient witness, so its tools are taken for granted; these are not.
    /// </summary>
    internal static Allocator Allocator(string name)
    {
        Allocator? found = AllocatorCatalog.FindAll().FirstOrDefault(a => a.Name == name);
        Assert.SkipWhen(found is null, $"{name} is not on this machine");
        return found!;
    }

    /// <summary>Any allocator that has to be preloaded.</summary>
    internal static Allocator AnyForeign()
    {
        Allocator? found =
            AllocatorCatalog.FindAll().FirstOrDefault(a => a is { Library: not null, IsQuarry: false });
        Assert.SkipWhen(found is null, "no allocator but the system's is on this machine");
        return found!;
    }

    internal static string CompileC(string folder, string source, params string[] options)
    {
        string file = Path.Combine(folder, "program.c");
        string program = Path.Combine(folder, "program");
        File.WriteAllText(file, source);
        string gcc = TestSupport.Tool.Require("gcc");
        Outcome built = new Run(gcc, ["-O1", "-o", program, .. options, file]).Start();
        Assert.SkipUnless(built.ExitCode == 0, "gcc cannot build this here: " + string.Join(' ', options));
        return program;
    }
}
