using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Quarry.Tests.Blocks;

public sealed unsafe partial class BumpFreezeTests
{
    private const nint BadAddress = -14;

    [Fact]
    public void Frozen_blocks_can_be_read_and_not_written_until_they_are_thawed()
    {
        using Bump<Shared> bump = new(1.MiB());
        Layout layout = Layout.Create(64, 8);
        long* block = (long*)bump.Allocate(layout);
        *block = 42;
        nuint committed = bump.CommittedBytes;
        Assert.Equal(8, WriteByTheKernel(block));
        Assert.True(bump.TryFreeze());
        Assert.True(bump.TryFreeze());
        Assert.True(bump.IsFrozen);
        Assert.NotEqual(42, *block);
        Assert.Equal(BadAddress, WriteByTheKernel(block));
        Assert.True(bump.Allocate(layout) == null);
        Assert.False(bump.TryResize(block, layout, 65));
        Assert.False(bump.TryResize(block, layout, 10));
        Assert.Equal((nuint)64, bump.UsedBytes);
        Assert.Equal(committed, bump.CommittedBytes);
        Assert.True(bump.Owns(block));
        Assert.True(bump.TryThaw());
        Assert.True(bump.TryThaw());
        Assert.False(bump.IsFrozen);
        Assert.Equal(8, WriteByTheKernel(block));
        Assert.True(bump.TryResize(block, layout, 65));
        Assert.True(bump.Allocate(layout) != null);
    }

    [Fact]
    public void A_reset_thaws()
    {
        using Bump<Local> bump = new(1.MiB());
        Layout layout = Layout.Of<long>();
        long* block = (long*)bump.Allocate(layout);
        Assert.True(bump.TryFreeze());
        bump.DeallocateAll();
        Assert.False(bump.IsFrozen);
        Assert.True(bump.AllocateZeroed(layout) == block);
    }

    [Fact]
    public void There_is_nothing_to_freeze_in_an_empty_or_a_disposed_one()
    {
        Bump<Local> bump = new(1.MiB());
        Assert.False(bump.TryFreeze());
        _ = bump.Allocate(Layout.Of<long>());
        bump.Dispose();
        Assert.False(bump.TryFreeze());
        Assert.False(bump.TryThaw());
        Assert.False(bump.IsFrozen);
    }

    /// <summary>
    /// The kernel writes 8 random bytes to the address, or returns an error, where we would fault.
    /// </summary>
    private static nint WriteByTheKernel(void* address)
    {
        using SafeFileHandle file = File.OpenHandle("/dev/urandom");
        nint count = Read((int)file.DangerousGetHandle(), address, sizeof(long));
        return count < 0 ? -Marshal.GetLastPInvokeError() : count;
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, void* bytes, nuint count);
}
