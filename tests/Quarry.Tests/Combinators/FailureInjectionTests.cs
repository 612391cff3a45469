using System;
using Quarry.Testing;
using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class FailureInjectionTests
{
    private static readonly Layout s_block = Layout.Create(24, 8);

    [Fact]
    public void Code_that_copes_is_run_twice_for_each_request()
    {
        int runs = 0;
        int survived = FailureInjection.Verify(allocator =>
        {
            runs++;
            void* first = allocator.Allocate(s_block);
            void* second = allocator.AllocateZeroed(s_block);
            void* grown = allocator.Reallocate(second, s_block, 48);
            _ = first != null && allocator.TryResize(first, s_block, 24);
            allocator.Deallocate(first, s_block);
            allocator.Deallocate(grown == null ? second : grown, Layout.Create(grown == null ? 24u : 48u, 8));
        });

        // Two blocks, one reallocation and one resizing, each failing alone and with all later ones; and for
        // each kind a run without a failure.
        Assert.Equal((4, 11), (survived, runs));
    }

    [Fact]
    public void A_growing_list_that_is_left_behind_is_found_though_it_retries()
    {
        FailureInjectionException leak = Assert.Throws<FailureInjectionException>(
            () => FailureInjection.Verify(allocator =>
            {
                var list = new NativeList<int, Failing<Ledger>>(allocator, capacity: 4);
                for (int item = 0; item < 10; item++)
                {
                    list.Add(item);
                }

                list.Dispose();
            }));
        Assert.StartsWith(
            "With Reallocation 0 and all later ones failing, counted from 0: leaked",
            leak.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_throws_for_want_of_memory_is_good() =>
        Assert.Equal(3, FailureInjection.Verify(allocator =>
        {
            for (int index = 0; index < 3; index++)
            {
                void* block = allocator.Allocate(s_block);
                OutOfMemory(block == null);
                allocator.Deallocate(block, s_block);
            }
        }));

    [Fact]
    public void A_leak_is_named_with_the_request_that_led_to_it()
    {
        FailureInjectionException leak = Assert.Throws<FailureInjectionException>(
            () => FailureInjection.Verify(allocator =>
            {
                void* first = allocator.Allocate(s_block);
                OutOfMemory(first == null);
                void* second = allocator.Allocate(Layout.Create(5, 1));
                OutOfMemory(second == null);
                allocator.Deallocate(first, s_block);
                allocator.Deallocate(second, Layout.Create(5, 1));
            }));
        string[] lines = leak.Message.Split('\n');
        Assert.Equal("With Allocation 1 failing, counted from 0: leaked 24 bytes aligned to 8.", lines[0]);
        Assert.Equal("        24 bytes  in 1 blocks, 1 left", lines[1]);
        Assert.StartsWith(
            $"in {typeof(FailureInjectionTests)}.{nameof(A_leak_is_named_with_the_request_that_led_to_it)}",
            lines[2].Trim(), StringComparison.Ordinal);
        Assert.Equal((FailureKind.Allocation, (nuint?)1), (leak.Kind, leak.Request));
    }

    [Fact]
    public void A_leak_in_every_run_is_named_as_well()
    {
        FailureInjectionException leak = Assert.Throws<FailureInjectionException>(
            () => FailureInjection.Verify(allocator => allocator.Reallocate(null, s_block, 1)));
        Assert.Equal(
            "With no request failing: leaked 1 bytes aligned to 8.", leak.Message.Split('\n')[0]);
    }

    [Fact]
    public void Another_exception_is_passed_on()
    {
        FailureInjectionException failure = Assert.Throws<FailureInjectionException>(
            () => FailureInjection.Verify(allocator =>
            {
                void* block = allocator.Allocate(s_block);
                allocator.Deallocate(block, s_block);
                _ = block != null ? 0 : throw new InvalidOperationException("no block");
            }));
        Assert.IsType<InvalidOperationException>(failure.InnerException);
        Assert.Equal(
            "With Allocation 0 failing, counted from 0: threw InvalidOperationException: no block.",
            failure.Message);
    }

    [Fact]
    public void A_block_given_back_twice_is_named()
    {
        FailureInjectionException failure = Assert.Throws<FailureInjectionException>(
            () => FailureInjection.Verify(allocator =>
            {
                void* block = allocator.Allocate(s_block);
                allocator.Deallocate(block, s_block);
                allocator.Deallocate(block, s_block);
            }));
        Assert.Null(failure.Request);
        Assert.Contains("given back though it was not in use", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_action_without_end_is_ended()
    {
        FailureInjectionException failure = Assert.Throws<FailureInjectionException>(
            () => FailureInjection.Verify(Insist, maxRequests: 50));
        Assert.Contains("more than 50 requests", failure.Message, StringComparison.Ordinal);

        // It asks until one request has failed, so there is always one more that can.
        static void Insist(Failing<Ledger> allocator)
        {
            void* block = allocator.Allocate(s_block);
            while (block != null)
            {
                allocator.Deallocate(block, s_block);
                block = allocator.Allocate(s_block);
            }
        }
    }

    private static void OutOfMemory(bool failed)
    {
        if (failed)
        {
            throw new OutOfMemoryException();
        }
    }
}
