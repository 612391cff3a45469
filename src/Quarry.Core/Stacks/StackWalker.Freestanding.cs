using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>In an image: the stack of the caller.</content>
internal unsafe partial struct StackWalker
{
    // The kernel keeps 256 pages free below the stack of the program, which grows into them.
    private const nuint GrowthBytes = 255 * 4096;

    // Where the mappings cannot be read: the part of a stack that is used is usually below 1 MiB.
    private const int MaxProbes = 2048;

    /// <summary>Walks the stack of the caller.</summary>
    /// <inheritdoc cref="Walk(StackWalker*, UnwindRegisters, StackBounds, nuint*, int, out StackEnd)"/>
    [MethodImpl(MethodImplOptions.NoInlining)] // its own frame is the first one
    internal static int Walk(StackWalker* walker, nuint* addresses, int capacity, out StackEnd end)
    {
        UnwindRegisters frame;
        if (!UnwindRegisters.TryCapture(&frame)
            || !TryFindBounds(walker, frame.StackPointer, out StackBounds stack))
        {
            end = StackEnd.Broken;
            return 0;
        }

        return Walk(walker, frame, stack, addresses, capacity, out end);
    }

    /// <summary>Walks the stack of the caller, and keeps it.</summary>
    /// <inheritdoc cref="TryRepeat(StackWalker*, UnwindRegisters, StackBounds, LastStack*)"/>
    [MethodImpl(MethodImplOptions.NoInlining)] // its own frame is the first one
    internal static bool TryRepeat(StackWalker* walker, LastStack* last)
    {
        UnwindRegisters frame;
        return UnwindRegisters.TryCapture(&frame)
            && TryFindBounds(walker, frame.StackPointer, out StackBounds stack)
            && TryRepeat(walker, frame, stack, last);
    }

    /// <summary>Describes the module that contains an address of code, without the build ID.</summary>
    /// <param name="walker">The walker.</param>
    /// <param name="address">The address.</param>
    /// <param name="buffer">Memory of <see cref="MappingReader.PathBytes"/> for the path.</param>
    /// <param name="module">The module.</param>
    /// <returns>False if the address is in no module.</returns>
    internal static bool TryDescribe(
        StackWalker* walker, nuint address, byte* buffer, out StackModule module) =>
        walker->_modules.TryDescribe(address, buffer, out module);

    private static bool TryFindBounds(StackWalker* walker, nuint stackPointer, out StackBounds bounds)
    {
        nuint thread = ThreadToken.Current;
        return walker->_bounds.TryGet(thread, stackPointer, out bounds)
            || FindBounds(walker, thread, stackPointer, out bounds);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool FindBounds(
        StackWalker* walker, nuint thread, nuint stackPointer, out StackBounds bounds)
    {
        byte* name = stackalloc byte[MappingReader.PathBytes];
        if (!MappingReader.TryFind(stackPointer, name, out Mapping mapping, out _))
        {
            bounds = Probe(stackPointer);
            return bounds.Contains(stackPointer);
        }

        bounds = new StackBounds(
            mapping.IsMainStack ? mapping.Start - GrowthBytes : mapping.Start, mapping.End);
        if (mapping.IsMainStack || bounds.Contains(thread))
        {
            walker->_bounds.Set(thread, bounds);
        }

        return mapping.IsReadable;
    }

    /// <summary>Finds the readable pages from a stack pointer upward, one by one.</summary>
    private static StackBounds Probe(nuint stackPointer)
    {
        nuint low = Layout.AlignDown(stackPointer, Os.PageSize), high = low;
        for (int count = 0; count < MaxProbes && Os.IsReadable((void*)high); count++)
        {
            high += Os.PageSize;
        }

        return new StackBounds(low, high);
    }
}
