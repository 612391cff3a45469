using System;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using static Quarry.Tests.Watching.OtherThreads;

namespace Quarry.Tests.Watching;

public sealed class AllocationGroupTests
{
    private static readonly AllocationGroup s_a = AllocationGroup.Register("a");
    private static readonly AllocationGroup s_b = AllocationGroup.Register("b");
    private static readonly AllocationGroup s_c = AllocationGroup.Register("c");

    private static AllocationGroup Current => AllocationGroup.Current;

    [Fact]
    public void A_name_has_one_group()
    {
        Assert.Equal(s_a, AllocationGroup.Register("a"));
        Assert.NotEqual(s_a, s_b);
        Assert.Equal("a", s_a.Name);
        Assert.Equal("b", s_b.ToString());
        Assert.Equal(AllocationGroup.Root, AllocationGroup.Register("root"));
        Assert.Equal(0, AllocationGroup.Root.Id);
        _ = Assert.Throws<ArgumentException>(() => AllocationGroup.Register(""));
    }

    [Fact]
    public void Scopes_nest()
    {
        Assert.Equal(AllocationGroup.Root, Current);
        using (s_a.Enter())
        {
            Assert.Equal(s_a, Current);
            using (s_b.Enter())
            {
                Assert.Equal(s_b, Current);
                using (AllocationGroup.Root.Enter())
                {
                    Assert.Equal(AllocationGroup.Root, Current);
                }
            }

            Assert.Equal(s_a, Current);
        }

        Assert.Equal(AllocationGroup.Root, Current);
    }

    [Fact]
    public void An_exception_unwinds_the_scopes()
    {
        static void Fail()
        {
            using (s_a.Enter())
            using (s_b.EnterFlow())
            using (s_c.Enter())
            {
                throw new InvalidOperationException();
            }
        }

        _ = Assert.Throws<InvalidOperationException>(Fail);
        Assert.Equal(AllocationGroup.Root, Current);
    }

    [Fact]
    public void Flows_and_scopes_nest_in_each_other()
    {
        using (s_a.Enter())
        {
            using (s_b.EnterFlow())
            {
                Assert.Equal(s_b, Current);
                using (s_c.Enter())
                {
                    Assert.Equal(s_c, Current);
                    using (s_a.EnterFlow())
                    {
                        Assert.Equal(s_a, Current);
                    }

                    Assert.Equal(s_c, Current);
                }

                Assert.Equal(s_b, Current);
            }

            Assert.Equal(s_a, Current);
        }

        Assert.Equal(AllocationGroup.Root, Current);
    }

    [Fact]
    public void A_scope_is_of_one_thread()
    {
        using (s_a.Enter())
        {
            Alone(() => Assert.Equal(AllocationGroup.Root, Current));
        }
    }

    [Fact]
    public async Task A_flow_is_followed_over_awaits_and_into_tasks()
    {
        using (s_a.EnterFlow())
        {
            await Task.Yield();
            Assert.Equal(s_a, Current);
            Assert.Equal(s_a, await Task.Run(() => Current));

            Task<AllocationGroup> inner = Task.Run(async () =>
            {
                using (s_b.EnterFlow())
                {
                    await Task.Yield();
                    Assert.Equal(s_b, Current);
                }

                await Task.Yield();
                return Current;
            });
            Assert.Equal(s_a, Current);
            Assert.Equal(s_a, await inner);
        }

        await Task.Yield();
        Assert.Equal(AllocationGroup.Root, Current);
    }

    [Fact]
    public void A_scope_does_not_reach_into_work_of_another_flow()
    {
        ExecutionContext? context = null;
        using (s_b.EnterFlow())
        {
            context = ExecutionContext.Capture();
        }

        using (s_a.Enter())
        {
            ExecutionContext.Run(context!, _ => Assert.Equal(s_b, Current), null);
            Assert.Equal(s_a, Current);
        }
    }

    [Fact]
    public void Leaving_a_flow_twice_does_nothing()
    {
        AllocationGroupFlow outer = s_a.EnterFlow();
        AllocationGroupFlow inner = s_b.EnterFlow();
        inner.Dispose();
        inner.Dispose();
        Assert.Equal(s_a, Current);
        outer.Dispose();
        inner.Dispose();
        Assert.Equal(AllocationGroup.Root, Current);
    }
}
