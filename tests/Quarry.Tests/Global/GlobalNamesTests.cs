using System;
using Xunit;

namespace Quarry.Tests;

/// <summary>What the settings of a program may name, and what is said of the rest.</summary>
public class GlobalNamesTests
{
    [Fact]
    public void An_allocator_with_references_is_refused() =>
        Refused(typeof(Unserving<string>), "holds references");

    [Fact]
    public void An_allocator_for_one_thread_is_refused() =>
        Refused(typeof(Unserving<int>), "is not ThreadSafe");

    [Fact]
    public void A_factory_without_memory_is_refused() =>
        Refused(typeof(EmptyFactory), "EmptyFactory cannot make the allocator");

    [Fact]
    public void An_allocator_for_one_thread_cannot_be_given()
    {
        var error = Assert.Throws<ArgumentException>(() => Global.Use(new Unserving<int>(1)));
        Assert.Contains("is not ThreadSafe", error.Message);
    }

    [Fact]
    public void Global_cannot_stand_on_itself()
    {
        var itself = Assert.Throws<ArgumentException>(() => Global.Use(new Global()));
        var over = Assert.Throws<ArgumentException>(() => Global.Use(new Unserving<Global>(default)));
        Assert.Contains("stands on Global", itself.Message);
        Assert.Contains("stands on Global", over.Message);
    }

    [Fact]
    public void Attributes_make_their_allocator()
    {
        Assert.Equal(typeof(Heap), new GlobalAllocatorAttribute<Heap>().Make().AllocatorType);
        Assert.Equal(typeof(Heap), new GlobalAllocatorAttribute<Heap, HeapFactory>().Make().AllocatorType);
    }

    [Fact]
    public void Attributes_that_cannot_be_followed_are_named()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => new GlobalAllocatorAttribute<Unserving<int>>().Make());
        string start = $"The attribute GlobalAllocator<{typeof(Unserving<int>)}> cannot be followed: ";
        Assert.StartsWith(start, error.Message);
    }

    [Fact]
    public void Two_attributes_are_one_too_many()
    {
        GlobalAllocatorAttribute[] attributes =
        [
            new GlobalAllocatorAttribute<Heap, HeapFactory>(),
            new GlobalAllocatorAttribute<Unserving<int>>(),
        ];
        var error = Assert.Throws<InvalidOperationException>(() => GlobalChoice.OfAttributes(attributes));
        Assert.Contains("more than one GlobalAllocator attribute: Quarry.Heap, ", error.Message);
    }

    private static void Refused(Type type, string why)
    {
        string name = type.AssemblyQualifiedName!;
        var error = Assert.Throws<InvalidOperationException>(() => GlobalNames.Make(name));
        Assert.StartsWith("The switch Quarry.GlobalAllocator = ", error.Message);
        Assert.Contains(why, error.Message);
    }

    private sealed class HeapFactory : IAllocatorFactory<Heap>
    {
        public static bool TryCreate(out Heap allocator) => Heap.TryCreate(new HeapOptions(), out allocator);
    }

    private sealed class EmptyFactory : IAllocatorFactory<Heap>
    {
        public static bool TryCreate(out Heap allocator)
        {
            allocator = default;
            return false;
        }
    }
}
