using System.IO;
using Xunit;

namespace Quarry.Freestanding.Tests;

/// <summary>The build fails for code that cannot be in an image, with an error in terms of C#.</summary>
public sealed class GuardTests(Images images)
{
    [Fact]
    public void A_method_that_ilc_cannot_compile_fails_the_build()
    {
        Reports(images.Uncompilable, "IL1005", "Uncompilable.Overlaps");
        Reports(images.Uncompilable, "QRY001", "mini core library lacks");
    }

    [Fact]
    public void A_missing_compiler_is_reported() =>
        Reports(images.WithoutCompiler, "QRY002", "'/nonexistent'");

    [Fact]
    public void A_static_constructor_fails_the_build() =>
        Reports(images.Mistakes, At("Mistakes.cs", 9, "QRY010"), "static constructor");

    [Fact]
    public void A_managed_allocation_fails_the_build() =>
        Reports(images.Mistakes, At("Mistakes.cs", 15, "QRY021"), "`new` of a class");

    [Fact]
    public void Boxing_fails_the_build() =>
        Reports(images.Mistakes, At("Mistakes.cs", 18, "QRY021"), "boxing");

    [Fact]
    public void A_call_on_an_interface_reference_fails_the_build() =>
        Reports(
            images.Mistakes, At("Mistakes.cs", 36, "QRY021"), "an interface is called through a reference");

    [Fact]
    public void An_undefined_symbol_fails_the_build() =>
        Reports(images.Mistakes, At("Mistakes.cs", 21, "QRY011"), "undefined symbol nowhere_clock");

    [Fact]
    public void A_weak_symbol_must_be_listed() => Reports(images.Mistakes, "QRY011", "weak symbol getenv");

    [Fact]
    public void A_listed_export_must_exist() =>
        Reports(images.Mistakes, "QRY012", "absent is listed but not exported");

    [Fact]
    public void An_entry_stub_must_be_listed() =>
        Reports(images.Mistakes, "QRY012", "unlisted is an entry point but not listed");

    [Fact]
    public void Thread_local_storage_is_limited() =>
        Reports(images.Mistakes, "QRY013", "32 bytes of thread-local storage");

    [Fact]
    public void A_text_relocation_fails_the_build() =>
        Reports(images.Mistakes, "QRY014", "text relocations");

    [Fact]
    public void A_call_on_a_fast_path_fails_the_build() =>
        Reports(images.Mistakes, "QRY015", "calls calls before it returns");

    [Fact]
    public void A_fast_path_must_lead_to_a_return() =>
        Reports(images.Mistakes, "QRY015", "leaves has no straight path to a return");

    [Fact]
    public void A_fast_path_keeps_its_limit() =>
        Reports(images.Mistakes, "QRY015", "instructions from entry to return; the limit is 3");

    [Fact]
    public void A_fast_path_must_exist() =>
        Reports(images.Mistakes, "QRY015", "no_such_method is not a method");

    [Fact]
    public void An_image_with_errors_is_not_copied() =>
        Assert.False(File.Exists(Path.Combine(images.Mistakes.NativeFolder, "libmistakes.so")));

    private static string At(string file, int line, string code) => $"{file}({line}): error {code}: ";

    private static void Reports(Build build, string code, string text)
    {
        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains(build.Output.Split('\n'), line => line.Contains(code) && line.Contains(text));
    }
}
