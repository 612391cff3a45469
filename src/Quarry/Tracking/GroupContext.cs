using System;
using System.Threading;

namespace Quarry;

/// <summary>Which group a thread allocates for, and whether it is to be heard.</summary>
/// <remarks>
/// A scope of the thread remembers the flow that it was entered in, and counts only there. So of a flow
/// inside a scope and a scope inside a flow the inner one counts, and a scope does not reach into work of
/// another flow that its thread happens to run.
/// </remarks>
internal static class GroupContext
{
    private static readonly AsyncLocal<AllocationGroupFlow?> s_flow = new();

    [ThreadStatic]
    private static Scope t_scope;

    [ThreadStatic]
    private static int t_silent;

    /// <summary>The innermost scope that follows the asynchronous flow.</summary>
    internal static AllocationGroupFlow? Flow
    {
        get => s_flow.Value;
        set => s_flow.Value = value;
    }

    internal static AllocationGroup Current
    {
        get
        {
            AllocationGroupFlow? flow = s_flow.Value;
            return t_scope.IsEntered && t_scope.Flow == flow
                ? t_scope.Group
                : flow?.Group ?? AllocationGroup.Root;
        }
    }

    /// <summary>Whether the calling thread is in a hook, or asked not to be tracked.</summary>
    internal static bool IsSilent => t_silent != 0;

    /// <summary>Enters a scope of the thread and returns the one around it.</summary>
    internal static Scope Enter(AllocationGroup group)
    {
        Scope outer = t_scope;
        t_scope = new Scope { IsEntered = true, Group = group, Flow = s_flow.Value };
        return outer;
    }

    internal static void Restore(Scope scope) => t_scope = scope;

    internal static void Silence() => t_silent++;

    internal static void Unsilence() => t_silent--;

    internal struct Scope
    {
        public bool IsEntered;
        public AllocationGroup Group;
        public AllocationGroupFlow? Flow;
    }
}
