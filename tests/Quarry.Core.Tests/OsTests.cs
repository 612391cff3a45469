using System;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

public unsafe class OsTests
{
    [Fact]
    public void The_page_size_is_the_systems() =>
        Assert.Equal((nuint)Environment.SystemPageSize, Os.PageSize);

    [Fact]
    public void The_thread_id_is_the_same_from_the_C_library_and_from_the_kernels_link()
    {
        Assert.NotEqual(0, Os.ThreadId());
        Assert.Equal(Os.ThreadId(), Os.Linux.ThreadIdFromLink());
        int other = 0;
        Thread thread = new(() => other = Os.Linux.ThreadIdFromLink() - Os.ThreadId());
        thread.Start();
        thread.Join();
        Assert.Equal(0, other);
    }

    [Fact]
    public void A_thread_has_ended_once_it_is_gone()
    {
        int id = 0;
        bool endedWhileAlive = true;
        Thread thread = new(() =>
        {
            id = Os.ThreadId();
            endedWhileAlive = Os.ThreadHasEnded(Os.ProcessId(), id);
        });
        thread.Start();
        thread.Join();
        Assert.False(endedWhileAlive);
        Assert.True(SpinWait.SpinUntil(() => Os.ThreadHasEnded(Os.ProcessId(), id), 10_000));
        Assert.False(Os.ThreadHasEnded(Os.ProcessId(), Os.ThreadId()));
    }

    [Fact]
    public void A_write_to_a_closed_descriptor_reports_failure()
    {
        byte character = 0;
        Assert.False(Os.Write(int.MaxValue, &character, 1));
        Assert.True(Os.Write(int.MaxValue, &character, 0));
    }
}
