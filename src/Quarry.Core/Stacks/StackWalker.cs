using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Finds the return addresses of a stack, through native and just-in-time compiled code.</summary>
/// <remarks>
/// <para>
/// A frame of code in a module is unwound by the module's call frame information (<c>.eh_frame</c>); a frame
/// of other code by its frame pointer, which JIT compilers maintain. One rule per return address is kept, so
/// a frame takes some 10 ns when its rule is known, and some microseconds the first time.
/// </para>
/// <para>
/// One walker serves all threads of a process. It allocates nothing, takes no lock, and can run in signal
/// handlers, on alternate stacks and in coroutines. Stacks and tables may be damaged: each read of a table is
/// bounded by its segment, each read of a stack by the stack, each step raises the stack pointer, and the
/// number of steps is limited.
/// </para>
/// </remarks>
internal unsafe partial struct StackWalker
{
    /// <summary>The number of addresses that callers usually provide memory for.</summary>
    /// <remarks>The C# compiler needs 57 on average; the maximum seen in node is 256.</remarks>
    internal const int MaxFrames = 128;

    // The host's own frames, which are not stored: 20 at most in practice.
    private const int MaxOwnFrames = 64;

    // A handler on an alternate stack that interrupts another one.
    private const int MaxStackSwitches = 4;

    private StackWalkerOptions _options;
    private RuleCache _rules;
    private ModuleMap _modules;
    private BoundsCache _bounds;

    /// <summary>
    /// Gets the size of the memory for a walker, in bytes; most of it is touched on demand.
    /// </summary>
    internal static nuint Bytes =>
        Layout.AlignUp((nuint)sizeof(StackWalker), 64)
        + RuleCache.Bytes + ModuleMap.Bytes + BoundsCache.Bytes;

    /// <summary>Creates a walker in memory of its own, which is never freed; null if there is none.</summary>
    internal static StackWalker* TryCreate(StackWalkerOptions options)
    {
        void* memory = Os.Map(Bytes);
        return memory == null ? null : Initialize(memory, options);
    }

    /// <summary>Creates a walker in memory of the caller.</summary>
    /// <param name="memory">
    /// Zeroed memory of <see cref="Bytes"/>, aligned to 64, which exists as long as the walker is in use.
    /// </param>
    /// <param name="options">What the host provides.</param>
    internal static StackWalker* Initialize(void* memory, StackWalkerOptions options)
    {
        StackWalker* walker = (StackWalker*)memory;
        byte* tables = (byte*)memory + Layout.AlignUp((nuint)sizeof(StackWalker), 64);
        walker->_options = options;
        walker->_rules.Entries = (RuleCache.Entry*)tables;
        walker->_modules.Initialize(tables + RuleCache.Bytes, options);
        walker->_bounds.Entries = (BoundsCache.Entry*)(tables + RuleCache.Bytes + ModuleMap.Bytes);
        return walker;
    }

    /// <summary>Walks a stack from given registers.</summary>
    /// <param name="walker">The walker.</param>
    /// <param name="frame">The registers of the innermost frame; its address is the first one stored.</param>
    /// <param name="stack">The stack of that frame.</param>
    /// <param name="addresses">
    /// The memory for the addresses, innermost first. In each frame, the instruction before the address is
    /// the one that is executing: return addresses are stored as they are, and the address at which a signal
    /// interrupted a frame is stored plus 1.
    /// </param>
    /// <param name="capacity">The number of addresses that the memory holds.</param>
    /// <param name="end">The way in which the walk ended.</param>
    /// <returns>The number of addresses stored.</returns>
    internal static int Walk(
        StackWalker* walker,
        UnwindRegisters frame,
        StackBounds stack,
        nuint* addresses,
        int capacity,
        out StackEnd end)
    {
        StackCursor cursor = new()
        {
            Address = frame.Address,
            StackPointer = frame.StackPointer,
            FramePointer = frame.FramePointer,
            Stack = stack,
            Next = addresses,
            Limit = addresses + capacity,
            StackSwitches = MaxStackSwitches,
            IsOwn = true,
        };

        // Each turn stores an address, or passes one of the host's own frames.
        end = StackEnd.Truncated;
        for (int turns = capacity + MaxOwnFrames; turns > 0; turns--)
        {
            if (!cursor.IsOwn && !cursor.IsInterrupted)
            {
                FollowKnownRules(walker, &cursor);
            }

            if (!TryStep(walker, &cursor, ref end))
            {
                break;
            }
        }

        return (int)(cursor.Next - addresses);
    }

    /// <summary>Determines whether an address is in the host's own code.</summary>
    private readonly bool IsOwn(nuint address) =>
        address - 1 >= _options.OwnStart && address - 1 < _options.OwnEnd;

    /// <summary>Computes and stores the rule of a return address.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static UnwindRule FindRule(StackWalker* walker, nuint address)
    {
        if (!walker->_modules.TryFind(address - 1, out LoadedModule module, out bool replaced))
        {
            return UnwindRule.Of(RuleKind.Broken);
        }

        if (replaced)
        {
            walker->_rules.Forget(module.Start, module.End);
        }

        UnwindRule rule = RuleFinder.Find(module, address);
        nuint code = address - RuleCache.CodeBytes;
        if (code >= module.CodeStart)
        {
            walker->_rules.Set(address, rule, *(uint*)code);
        }

        return rule;
    }
}
