using System;
using System.Collections.Generic;
using System.Threading;

namespace Quarry;

/// <summary>What allocations are made for: a name that tracked blocks are put down to.</summary>
/// <remarks>
/// <para>
/// A group is entered as a scope. Scopes nest, and the innermost counts. <see cref="Enter"/> is for the code
/// of one thread: the compiler does not let its scope live across an <c>await</c>. <see cref="EnterFlow"/>
/// follows the asynchronous flow instead, over awaits and into tasks that are started inside.
/// </para>
/// <para>
/// The group of a block is the one that its allocation was made in; it is kept with the block. A value is
/// 2 bytes and the default value is <see cref="Root"/>. Groups last as long as the process. Thread-safe.
/// </para>
/// </remarks>
public readonly record struct AllocationGroup
{
    /// <summary>The largest number of groups, that of the root included.</summary>
    public const int MaxCount = ushort.MaxValue;

    private static readonly Lock s_lock = new();
    private static readonly List<string> s_names = ["root"];
    private static readonly Dictionary<string, AllocationGroup> s_groups =
        new(StringComparer.Ordinal) { ["root"] = default };

    private readonly ushort _id;

    internal AllocationGroup(int id) => _id = (ushort)id;

    /// <summary>The group of all that is allocated outside of every other group.</summary>
    public static AllocationGroup Root => default;

    /// <summary>The group that the calling thread is in.</summary>
    public static AllocationGroup Current => GroupContext.Current;

    /// <summary>A small number, by the order of registering; 0 for the root.</summary>
    public int Id => _id;

    /// <summary>The name it was registered by.</summary>
    public string Name
    {
        get
        {
            lock (s_lock)
            {
                return s_names[_id];
            }
        }
    }

    /// <summary>The group of a name, made at the first call.</summary>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    /// <exception cref="InvalidOperationException">There are <see cref="MaxCount"/> already.</exception>
    public static AllocationGroup Register(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (s_lock)
        {
            if (!s_groups.TryGetValue(name, out AllocationGroup group))
            {
                if (s_names.Count == MaxCount)
                {
                    throw new InvalidOperationException(
                        $"There are {MaxCount} allocation groups already, so '{name}' cannot be another.");
                }

                group = new AllocationGroup(s_names.Count);
                s_names.Add(name);
                s_groups.Add(name, group);
            }

            return group;
        }
    }

    /// <summary>Has the calling thread allocate for this group until the scope is disposed of.</summary>
    public AllocationGroupScope Enter() => new(this);

    /// <summary>
    /// Has the asynchronous flow allocate for this group until the scope is disposed of, by the method that
    /// entered it: on whatever thread it continues, and in the tasks it starts.
    /// </summary>
    public AllocationGroupFlow EnterFlow() => new(this);

    /// <summary>
    /// Has no allocator tell of what the calling thread allocates and frees, until the scope is disposed of.
    /// </summary>
    public static UntrackedScope Untracked() => UntrackedScope.Enter();

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
