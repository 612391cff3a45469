using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;
using Able = Quarry.Tests.Combinators.Marked<Quarry.Tests.Testing.HeapTraits>;
using Bare = Quarry.Tests.Combinators.Marked<Quarry.Tests.Combinators.NoTraits>;

namespace Quarry.Tests.Combinators;

/// <summary>
/// What an inner allocator cannot do leaves no trace in the compiled code of what is built on it.
/// </summary>
/// <remarks>
/// A process of its own compiles the methods as they are in the end, and lists them. The members of the inner
/// allocator are calls that are never inlined, so their names are in the listing exactly where the code is.
/// </remarks>
public sealed class CodeTests
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance
        | BindingFlags.Public | BindingFlags.NonPublic;

    // The last ones are the private parts of Limited that are calls.
    private static readonly string[] s_methods =
    [
        nameof(IAllocator.Allocate), nameof(IAllocator.Deallocate), nameof(IAllocator.Reallocate),
        nameof(IAllocator.TryResize), "TryCharge", "Discharge", "ShouldRetry",
    ];

    /// <summary>Each over an allocator that can only allocate, and over one that can do everything.</summary>
    private static readonly (Type Bare, Type Able)[] s_pairs =
    [
        (typeof(Quantize<Bare, PowersOfTwo>), typeof(Quantize<Able, PowersOfTwo>)),
        (typeof(Segregate<Bare, Bare, Bytes.Of64>), typeof(Segregate<Able, Able, Bytes.Of64>)),
        (typeof(Prefixed<Bare, Layout>), typeof(Prefixed<Able, Layout>)),
        (typeof(Suffixed<Bare, Layout>), typeof(Suffixed<Able, Layout>)),
        (typeof(Limited<Bare>), typeof(Limited<Able>)),
        (typeof(Quantize<Limited<Segregate<Bare, Bare, Bytes.Of64>>, PowersOfTwo>),
            typeof(Quantize<Limited<Segregate<Able, Able, Bytes.Of64>>, PowersOfTwo>)),
    ];

    private static readonly Lazy<ILookup<string, string>> s_listing = new(List);

    [Fact]
    public void Resizing_in_place_is_only_where_it_can_be_done()
    {
        foreach ((Type bare, Type able) in s_pairs)
        {
            const string Method = nameof(IAllocator.TryResize);
            Assert.DoesNotContain("Resize", CodeOf(bare, Method), StringComparison.Ordinal);
            Assert.Contains("Resize", CodeOf(able, Method), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Atomic_operations_are_only_where_threads_meet()
    {
        foreach ((Type bare, _) in s_pairs)
        {
            Assert.DoesNotContain("lock ", CodeOf(bare), StringComparison.Ordinal);
        }

        Assert.Contains("lock ", CodeOf(typeof(Limited<Able>)), StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_are_asked_only_of_whom_knows_them()
    {
        foreach ((Type bare, _) in s_pairs)
        {
            Assert.DoesNotContain("UsableSize", CodeOf(bare), StringComparison.Ordinal);
        }

        Assert.Contains("UsableSize", CodeOf(typeof(Limited<Able>)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_threshold_is_a_constant_in_the_code()
    {
        string code = CodeOf(typeof(Segregate<Bare, Bare, Bytes.Of64>), nameof(IAllocator.Allocate));
        Assert.Matches(@"cmp +\w+, 64", code);
    }

    [ChildFact]
    public void Compile()
    {
        foreach (Type type in s_pairs.SelectMany(pair => new[] { pair.Bare, pair.Able }))
        {
            RuntimeTypeHandle[] arguments = [.. type.GetGenericArguments().Select(each => each.TypeHandle)];
            MethodInfo[] methods = type.GetMethods(Declared);
            foreach (MethodInfo method in methods.Where(each => s_methods.Contains(each.Name)))
            {
                RuntimeHelpers.PrepareMethod(method.MethodHandle, arguments);
            }
        }
    }

    /// <summary>The code of a method of a type, or of all that were compiled.</summary>
    private static string CodeOf(Type type, string method = "")
    {
        string name = $"{NameOf(type)}:{method}";
        string code = string.Concat(s_listing.Value
            .Where(each => each.Key.StartsWith(name, StringComparison.Ordinal))
            .SelectMany(each => each));
        Assert.False(code.Length == 0, $"{name} was not compiled");
        return code;
    }

    /// <summary>The compiled methods by type and name.</summary>
    private static ILookup<string, string> List()
    {
        string file = Path.GetTempFileName();
        Outcome child = ChildProcess.Run(nameof(Compile), new()
        {
            ["DOTNET_TieredCompilation"] = "0",
            ["DOTNET_JitDisasm"] = string.Join(' ', s_methods),
            ["DOTNET_JitStdOutFile"] = file,
        });
        Assert.True(child.ExitCode == 0, child.Errors);
        string listing = File.ReadAllText(file);
        File.Delete(file);
        return listing
            .Split("; Assembly listing for method ", StringSplitOptions.RemoveEmptyEntries)
            .ToLookup(
                part => part[..part.IndexOf('(', StringComparison.Ordinal)],
                part => string.Join('\n', part.Split('\n').Skip(1).Where(line => !line.StartsWith(';'))));
    }

    /// <summary>The name of a type as the compiler writes it.</summary>
    private static string NameOf(Type type)
    {
        string name = type.FullName!.Split('[')[0];
        return type.IsGenericType
            ? $"{name}[{string.Join(',', type.GetGenericArguments().Select(NameOf))}]"
            : name;
    }
}
