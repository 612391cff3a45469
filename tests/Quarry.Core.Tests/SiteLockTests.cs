using System.Runtime.InteropServices;
using System.Threading;
using Xunit;

namespace Quarry.Core.Tests;

/// <summary>Tests the lock of a recording.</summary>
public sealed unsafe class SiteLockTests
{
    [Fact]
    public void Excludes_threads()
    {
        SiteLock* theLock = Create();
        long count = 0;
        Thread[] threads = new Thread[4];
        for (int index = 0; index < threads.Length; index++)
        {
            threads[index] = new Thread(() =>
            {
                int id = Os.ThreadId();
                byte frame;
                for (int round = 0; round < 20_000; round++)
                {
                    Assert.True(theLock->TryEnter(id, &frame));
                    count++;
                    theLock->Exit();
                }
            });
            threads[index].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(80_000, count);
        NativeMemory.Free(theLock);
    }

    [Fact]
    public void Is_taken_from_an_owner_that_has_ended()
    {
        SiteLock* theLock = Create();
        bool entered = false;
        Thread thread = new(() =>
        {
            byte frame;
            entered = theLock->TryEnter(Os.ThreadId(), &frame);
        });
        thread.Start();
        thread.Join();
        Assert.True(entered);
        byte own;
        Assert.True(theLock->TryEnter(Os.ThreadId(), &own));
        theLock->Exit();
        NativeMemory.Free(theLock);
    }

    [Fact]
    public void A_handler_deeper_on_the_stack_does_not_enter_but_a_frame_that_is_gone_does_not_matter()
    {
        SiteLock* theLock = Create();
        int id = Os.ThreadId();
        byte* frames = stackalloc byte[8192];
        Assert.True(theLock->TryEnter(id, frames + 4096));
        Assert.True(theLock->IsInterrupted(id, frames));
        Assert.False(theLock->TryEnter(id, frames));
        Assert.False(theLock->IsInterrupted(id, frames + 8000));
        Assert.True(theLock->TryEnter(id, frames + 8000));
        theLock->Exit();
        Assert.True(theLock->TryEnter(id, frames));
        theLock->Exit();
        NativeMemory.Free(theLock);
    }

    private static SiteLock* Create()
    {
        SiteLock* theLock = (SiteLock*)NativeMemory.AllocZeroed((nuint)sizeof(SiteLock));
        theLock->Reset(System.Environment.ProcessId);
        return theLock;
    }
}
