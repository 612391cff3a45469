using System.IO;
using System.Linq;
using Quarry.Gc.Tests.Harness;
using Xunit;

namespace Quarry.Gc.Tests;

/// <summary>The tools of the .NET SDK, which are large .NET programs.</summary>
public sealed class ToolTests
{
    [Fact]
    public void The_compiler_writes_the_same_bytes()
    {
        string folder = Repository.FreshFolder("csc");
        File.WriteAllLines(Path.Combine(folder, "source.cs"), Enumerable.Range(0, 400).Select(number =>
            $"public class C{number} {{"
            + $" public int F(int[] a) {{ int s = {number}; foreach (int x in a) s += x; return s; }}"
            + $" public object G() => new {{ X = {number}, Y = \"{number:x}\" }}; }}"));
        byte[] stock = Compiler.Compile(folder, "stock", run => run);
        Assert.Equal(stock, Compiler.Compile(folder, "ours", run => run.On(Places.Heap)));
    }

    [Fact]
    public void A_project_is_built_and_run()
    {
        string folder = Repository.FreshFolder("build");
        File.WriteAllText(Path.Combine(folder, "small.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), "System.Console.WriteLine(\"built\");\n");
        string[] own = ["-nodeReuse:false", "-p:UseSharedCompilation=false"];
        _ = DotNet.Build("build", folder, [.. own, "-v:quiet", "-o", Path.Combine(folder, "out")])
            .On(Places.Heap).With("DOTNET_CLI_USE_MSBUILD_SERVER", "0").Start().Clean();
        Run built = new(DotNet.Host, Path.Combine(folder, "out", "small.dll"));
        Assert.Equal("built\n", built.On(Places.Heap).Start().Clean().Output);
    }
}
