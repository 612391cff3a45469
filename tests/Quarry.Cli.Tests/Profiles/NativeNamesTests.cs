using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Cli.Profiles.Names;
using Quarry.Profiles;
using Xunit;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Names of native functions, with and without symbols and debug information.</summary>
public sealed class NativeNamesTests : IDisposable
{
    private const string C = """
        #include <stdio.h>
        extern char __executable_start;
        __attribute__((noinline)) static int hidden(int x) { return x * 7 + printf("%s", ""); }
        __attribute__((noinline)) int exported(int x) { return hidden(x) + 1; }
        int main(void)
        {
            printf("hidden 0x%lx\n", (unsigned long)((char *)hidden - &__executable_start));
            printf("exported 0x%lx\n", (unsigned long)((char *)exported - &__executable_start));
            return exported(0) < 0;
        }
        """;

    private const string Inlining = """
        #include <stdio.h>
        extern char __executable_start;
        static inline __attribute__((always_inline)) unsigned long here(void)
        {
            unsigned long at;
            __asm__ volatile("lea (%%rip), %0" : "=r"(at));
            return at;
        }
        __attribute__((noinline)) unsigned long outer(void) { return here() + 0; }
        int main(void)
        {
            printf("inner 0x%lx\n", outer() - 1 - (unsigned long)&__executable_start);
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Functions_have_the_names_of_their_symbols()
    {
        CompiledProgram program = CompileC("-O1");
        Assert.Equal("hidden", Function(program, "hidden"));
        Assert.Equal("exported", Function(program, "exported"));
    }

    [Fact]
    public void Stripped_functions_are_named_by_their_start()
    {
        CompiledProgram program = CompileC("-O1", "-s", "-rdynamic");
        Assert.Equal("exported", Function(program, "exported"));
        string expected = $"program!0x{program.Offsets["hidden"]:x}";
        Assert.Equal(expected, Function(program, "hidden"));
        Assert.Equal(expected, Function(program, "hidden", offset: 5));
    }

    [Theory]
    [InlineData("program.dbg")]
    [InlineData("linked.debug")]
    public void Debug_files_beside_a_stripped_file_have_its_symbols(string debug)
    {
        CompiledProgram program = CompileC("-O1", "-g", "-Wl,--build-id");
        string file = _folder.File(debug);
        string objcopy = TestSupport.Tool.Require("objcopy");
        _ = new Run(objcopy, "--only-keep-debug", program.Path, file).Start().ExpectSuccess();
        _ = new Run(objcopy, "--strip-all", "--add-gnu-debuglink=" + file, program.Path).Start()
            .ExpectSuccess();
        Assert.Equal("hidden", Function(program, "hidden"));

        // That of another build has other addresses.
        File.Delete(file);
        _ = CompileC("-O2", "-g", "-Wl,--build-id", "-DOTHER", "-fno-reorder-functions");
        File.Move(program.Path, file);
        _ = CompileC("-O1", "-s", "-Wl,--build-id");
        Assert.StartsWith("program!0x", Function(program, "hidden"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_replaced_does_not_name_anything()
    {
        CompiledProgram program = CompileC("-O1", "-Wl,--build-id");
        string name = Function(program, "hidden", buildId: "0011223344556677");
        Assert.Equal($"program!0x{program.Offsets["hidden"]:x}", name);
    }

    [Fact]
    public void Names_of_C_plus_plus_are_demangled()
    {
        const string Source = """
            #include <cstdio>
            #include <stdexcept>
            #include <vector>
            extern char __executable_start;
            template <typename T> struct Box {
                std::vector<T> items;
                __attribute__((noinline)) void fill(int n)
                    { for (int i = 0; i < n; i++) items.push_back(T(i)); }
                __attribute__((noinline)) ~Box() { if (items.size() == 99) std::puts(""); }
            };
            namespace app { __attribute__((noinline)) bool operator<(const Box<int> &a, const Box<int> &b)
                { return a.items.size() < b.items.size(); } }
            __attribute__((noinline)) int thrower(int n)
                { if (n > 2) throw std::runtime_error("n"); return n; }
            static void print(const char *label, void *at)
                { std::printf("%s 0x%lx\n", label, (unsigned long)((char *)at - &__executable_start)); }
            int main() {
                Box<int> a, b; a.fill(3); b.fill(2);
                try { thrower((int)a.items.size()); } catch (const std::exception &) { }
                void (Box<int>::*fill)(int) = &Box<int>::fill;
                print("fill", (void *)(a.*fill));
                print("less", (void *)(bool (*)(const Box<int> &, const Box<int> &))app::operator<);
                print("thrower", (void *)thrower);
                return app::operator<(a, b);
            }
            """;
        CompiledProgram program = CompiledProgram.Compile(
            _folder.FullName, "g++", ".cpp", Source, "-O1", "-Wno-pmf-conversions");
        Assert.Equal("Box<int>::fill(int)", Function(program, "fill"));
        Assert.Equal("app::operator<(Box<int> const&, Box<int> const&)", Function(program, "less"));
        Assert.Equal("thrower(int)", Function(program, "thrower"));
    }

    [Fact]
    public void Names_of_Rust_are_demangled()
    {
        const string Source = """
            mod inner {
                pub struct Holder<T> { pub items: Vec<T> }
                pub trait Fill { fn fill(&mut self, n: usize) -> usize; }
                impl Fill for Holder<u64> {
                    #[inline(never)]
                    fn fill(&mut self, n: usize) -> usize { self.items.resize(n, 7); self.items.len() }
                }
                #[inline(never)]
                pub fn generic<T: Clone>(x: &T) -> Vec<T> { vec![x.clone(), x.clone()] }
            }
            use inner::Fill;
            extern "C" { static __executable_start: u8; }
            fn show(label: &str, at: usize) {
                let base = unsafe { &__executable_start as *const u8 as usize };
                println!("{} {:#x}", label, at - base);
            }
            fn main() {
                let mut holder = inner::Holder::<u64> { items: vec![] };
                holder.fill(4);
                inner::generic(&3u8);
                show("fill", <inner::Holder<u64> as Fill>::fill as usize);
                show("generic", inner::generic::<u8> as usize);
            }
            """;
        CompiledProgram program = CompiledProgram.Compile(_folder.FullName, "rustc", ".rs", Source,
            "-C", "symbol-mangling-version=v0", "-A", "warnings", "--crate-name", "app");
        Assert.Equal("<app::inner::Holder<u64> as app::inner::Fill>::fill", Function(program, "fill"));
        Assert.Equal("app::inner::generic::<u8>", Function(program, "generic"));
    }

    [Theory]
    [InlineData("llvm-symbolizer")]
    [InlineData("addr2line")]
    public void Inlined_functions_come_with_their_lines(string tool)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/" + tool), $"{tool} is not on this machine");
        CompiledProgram program =
            CompiledProgram.Compile(_folder.FullName, "gcc", ".c", Inlining, "-O1", "-g");
        ulong address = program.Offsets["inner"];
        Symbolizer symbolizer = tool == "addr2line" ? new AddressToLine() : new LlvmSymbolizer();

        SourceFrame[] frames =
            symbolizer.Symbolize(program.Path, [address, 0x7fff_ffff, address + 1])[address];

        Assert.Equal(["here", "outer"], frames.Select(f => f.Function));
        Assert.Equal([6, 9], frames.Select(f => f.Line));
        Assert.All(frames, f => Assert.EndsWith("source.c", f.File, StringComparison.Ordinal));
    }

    [Fact]
    public void Inlined_functions_are_frames_of_their_own()
    {
        Assert.SkipWhen(Symbolizer.Find() is null, "no symbolizer is on this machine");
        CompiledProgram program =
            CompiledProgram.Compile(_folder.FullName, "gcc", ".c", Inlining, "-O1", "-g");
        IReadOnlyList<Frame> frames = Frames(program, program.Offsets["inner"]);
        Assert.Equal([("here", true), ("outer", false)], frames.Select(f => (f.Function, f.IsInlined)));
        Assert.All(frames, f => Assert.True(f.Line > 0 && f.Module == program.Path));
    }

    [Fact]
    public void Damaged_files_name_nothing_and_harm_nothing()
    {
        CompiledProgram program = CompileC("-O1");
        byte[] original = File.ReadAllBytes(program.Path);
        Random random = new(1);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. original];
            for (int j = 0; j < 20; j++)
            {
                // Headers and tables are at both ends.
                int at = random.Next(2) == 0 ? random.Next(1024) : original.Length - 1 - random.Next(4096);
                damaged[at] = (byte)random.Next(256);
            }

            File.WriteAllBytes(program.Path, i % 3 == 0 ? damaged[..random.Next(damaged.Length)] : damaged);
            Assert.NotEmpty(Function(program, "hidden"));
        }
    }

    [Fact]
    public void Code_outside_of_modules_has_a_name()
    {
        CompiledProgram program = CompileC("-O1");
        Frame frame = Assert.Single(Frames(program, 0x1234_5678_9000));
        Assert.StartsWith("unknown!0x", frame.Function, StringComparison.Ordinal);
    }

    private CompiledProgram CompileC(params string[] options) =>
        CompiledProgram.Compile(_folder.FullName, "gcc", ".c", C, options);

    private static string Function(
        CompiledProgram program, string label, ulong offset = 0, string buildId = "") =>
        Frames(program, program.Offsets[label] + offset, buildId)[^1].Function;

    private static IReadOnlyList<Frame> Frames(CompiledProgram program, ulong offset, string buildId = "")
    {
        const ulong End = CompiledProgram.Base + 0x1000_0000;
        ulong address = CompiledProgram.Base + offset;
        ProfileFile file = ProfileFile.Parse(new ProfileBuilder()
            .Program(program.Path, "program")
            .Module(program.Path, CompiledProgram.Base, End, CompiledProgram.Base, buildId)
            .Site(10, 1, 10, 1, address + 1)
            .Build());
        return new NameResolver(file, ManagedCode.None).Resolve(file.Sites, _ => { })[address];
    }
}
