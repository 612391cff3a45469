using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Xunit;

namespace Quarry.Tests.Surface;

/// <summary>The rules that all public types keep; <c>docs/collections.md</c> and others state them.</summary>
public sealed class ShapeTests
{
    private static readonly Type[] s_public = [.. typeof(Heap).Assembly.GetExportedTypes()];

    private static IEnumerable<Type> Allocators => s_public.Where(type =>
        type.IsValueType && type.IsAssignableTo(typeof(IAllocator)));

    private static IEnumerable<Type> Collections => s_public.Where(type =>
        type.IsValueType && !type.IsNested && type.Name.StartsWith("Native", StringComparison.Ordinal)
        && type.IsAssignableTo(typeof(IDisposable)));

    private static IEnumerable<Type> Handles => Collections.Concat(
        Allocators.Where(type => type.IsAssignableTo(typeof(IDisposable)))).Append(typeof(TraceRing));

    [Fact]
    public void What_is_disposed_says_whether_it_is_alive()
    {
        Assert.InRange(Handles.Count(), 20, 100);
        None(Handles.Where(type => type.GetProperty("IsAlive")?.PropertyType != typeof(bool)));
        None(Handles.Where(type => type.GetProperty("IsDefault") != null
            || type.GetProperty("IsDisposed") != null));
    }

    [Fact]
    public void What_has_state_is_created_by_a_constructor()
    {
        // A constructor has no type argument of its own, so AnyAllocator has Create alone.
        None(Handles.Where(type => type.GetConstructors().Length == 0)
            .Except([typeof(Global), typeof(AnyAllocator)]));
    }

    [Fact]
    public void What_has_a_constructor_has_no_Create_beside_it() =>
        None(Handles.Where(type => type.GetConstructors().Length != 0
            && type.GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Any(method => method.Name == "Create")));

    [Fact]
    public void What_may_lack_memory_has_a_way_to_create_that_does_not_throw()
    {
        None(Handles.Where(type =>
            !type.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(IsTryCreate)
            && type != typeof(Global) && type != typeof(Tracked<>) && type != typeof(Pool<,>)));
    }

    [Fact]
    public void Every_collection_names_its_allocator()
    {
        Assert.Equal(9, Collections.Count());
        None(Collections.Where(type => type.GetProperty("Allocator") == null));
        None(Collections.Where(type =>
            typeof(Heap).Assembly.GetType($"Quarry.{type.Name.Split('`')[0]}")?.GetMethods()
                .Any(method => method.Name == "Create") != true));
    }

    /// <summary>So code for the BCL's collections compiles, and a long twin returns any number.</summary>
    [Fact]
    public void Counts_are_int_and_their_long_twins_nint()
    {
        string[] names = ["Count", "Length", "Capacity", "WrittenCount"];
        foreach (Type type in Collections.Append(typeof(NativeBufferWriter<,>)))
        {
            foreach (PropertyInfo property in type.GetProperties())
            {
                bool isLong = property.Name.StartsWith("Long", StringComparison.Ordinal);
                string name = isLong ? property.Name[4..] : property.Name;
                if (names.Contains(name))
                {
                    Assert.Equal(isLong ? typeof(nint) : typeof(int), property.PropertyType);
                    Assert.True(!isLong || type.GetProperty(name) != null, $"{type.Name}.{property.Name}");
                }
            }
        }
    }

    [Fact]
    public void Whether_a_collection_can_hold_more_than_a_span_shows_in_its_members()
    {
        // The tables of these two count in 31 bits.
        string[] small = ["NativeDictionary`3", "NativeHashSet`2"];
        foreach (Type type in Collections.Where(type =>
            type.GetProperty("Count") != null || type.GetProperty("Length") != null))
        {
            bool isLong = type.GetProperty("LongCount") != null || type.GetProperty("LongLength") != null;
            Assert.Equal(!small.Contains(type.Name), isLong);
        }
    }

    [Fact]
    public void Snapshots_of_counters_are_called_statistics()
    {
        string[] avoided = ["Figures", "Counts", "Use", "Usage", "Stats", "Info", "Metrics"];
        None(s_public.Where(type => avoided.Any(word =>
                type.Name.Split('`')[0].EndsWith(word, StringComparison.Ordinal)))
            .Except([typeof(ArenaChunkInfo)]));
    }

    [Fact]
    public void Methods_that_try_return_bool()
    {
        IEnumerable<MethodInfo> methods = s_public.SelectMany(type => type.GetMethods(
            BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly));
        None(methods.Where(method => method.Name.StartsWith("Try", StringComparison.Ordinal)
            && method.ReturnType != typeof(bool)).Select(method => $"{method.DeclaringType}.{method.Name}"));
    }

    /// <summary>0 stands for no limit wherever a limit is set.</summary>
    [Fact]
    public void Bytes_are_nuint_where_they_are_given()
    {
        IEnumerable<PropertyInfo> settable = s_public
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
            .SelectMany(type => type.GetProperties())
            .Where(property => property.Name.EndsWith("Bytes", StringComparison.Ordinal)
                && property.Name != nameof(CheckedOptions.CanaryBytes));
        Assert.NotEmpty(settable);
        None(settable.Where(property => property.PropertyType != typeof(nuint)));
    }

    private static void None<T>(IEnumerable<T> offenders) => Assert.Equal([], offenders);

    private static bool IsTryCreate(MethodInfo method) => method.Name == "TryCreate";
}
