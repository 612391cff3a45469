using System;
using Xunit;

namespace Quarry.Tests.Combinators;

public sealed unsafe class HookedTests
{
    private static readonly Layout s_block = Layout.Create(64, 32);

    [Fact]
    public void The_hook_is_told_size_and_alignment()
    {
        Layout told = default;
        using Hooked<Null> hooked = new(default, layout =>
        {
            told = layout;
            return FailureResponse.Fail;
        });
        Assert.True(hooked.Allocate(s_block) == null);
        Assert.Equal<(nuint, nuint)>((64, 32), (told.Size, told.Alignment));
        Assert.True(hooked.AllocateZeroed(Layout.Create(3, 1)) == null);
        Assert.Equal<(nuint, nuint)>((3, 1), (told.Size, told.Alignment));
        Assert.True(hooked.Reallocate(null, s_block, 99) == null);
        Assert.Equal<(nuint, nuint)>((99, 32), (told.Size, told.Alignment));
    }

    [Fact]
    public void A_hook_that_frees_has_the_request_made_again()
    {
        using Limited<SystemHeap> limited = new(default, 100);
        void* reserve = limited.Allocate(s_block);
        int calls = 0;
        using Hooked<Limited<SystemHeap>> hooked = new(limited, layout =>
        {
            calls++;
            bool had = reserve != null;
            limited.Deallocate(reserve, s_block);
            reserve = null;
            return had ? FailureResponse.Retry : FailureResponse.Fail;
        });
        void* block = hooked.Allocate(s_block);
        Assert.True(block != null);
        Assert.Equal(1, calls);
        Assert.True(hooked.Reallocate(block, s_block, 101) == null);
        Assert.True(hooked.AllocateZeroed(s_block) == null);
        Assert.Equal(3, calls);
        Assert.Equal((nuint)64, limited.UsedBytes);
        hooked.Deallocate(block, s_block);
    }

    [Fact]
    public void A_plain_function_gets_its_context()
    {
        nuint* seen = stackalloc nuint[2];
        using Hooked<Null> hooked = new(default, new FailureHook(&Note, seen));
        Assert.True(hooked.Allocate(s_block) == null);
        Assert.Equal<(nuint, nuint)>((2, 64), (seen[0], seen[1]));
    }

    [Fact]
    public void A_disposed_one_just_fails()
    {
        int calls = 0;
        Hooked<Null> hooked = new(default, layout =>
        {
            calls++;
            return FailureResponse.Fail;
        });
        hooked.Dispose();
        hooked.Dispose();
        Assert.True(hooked.Allocate(s_block) == null);
        Assert.Equal(0, calls);
        Assert.Throws<ArgumentNullException>(
            () => new Hooked<Null>(default, (Func<Layout, FailureResponse>)null!));
    }

    [Fact]
    public void Reporting_names_the_size_and_goes_on()
    {
        Outcome child = ChildProcess.Run(nameof(Report));
        Assert.Equal("memory allocation of 4 bytes failed (alignment 4)\n", child.Errors);
        Assert.Equal(0, child.ExitCode);
    }

    [Fact]
    public void Aborting_names_the_size_and_ends_the_process()
    {
        Outcome child = ChildProcess.Run(nameof(Abort));
        Assert.StartsWith(
            "memory allocation of 4000000000 bytes failed (alignment 4096)\n", child.Errors,
            StringComparison.Ordinal);
        Assert.Equal(128 + 6, child.ExitCode);
    }

    [ChildFact]
    public void Report()
    {
        using Hooked<Null> hooked = new(default, FailureHook.Report);
        Assert.True(hooked.Allocate(Layout.Of<int>()) == null);
    }

    [ChildFact]
    public void Abort()
    {
        using Hooked<Null> hooked = new(default, FailureHook.Abort);
        _ = hooked.Allocate(Layout.Create(4_000_000_000, 4096));
    }

    private static FailureResponse Note(void* context, Layout layout)
    {
        nuint* seen = (nuint*)context;
        seen[0]++;
        seen[1] = layout.Size;
        return seen[0] < 2 ? FailureResponse.Retry : FailureResponse.Fail;
    }
}
