using System;

namespace Quarry;

/// <summary>Stands for an allocator that could not be chosen: every use says why.</summary>
/// <remarks>
/// Thrown while the choice is made, the exception would end the type for good, and reach the user wrapped
/// in a <see cref="TypeInitializationException"/>.
/// </remarks>
internal sealed unsafe class GlobalRefusal(Exception reason) : GlobalDispatch
{
    internal override Type AllocatorType => throw Error();

    internal override AllocatorTraits Traits => throw Error();

    internal override void* Allocate(Layout layout) => throw Error();

    internal override void* AllocateZeroed(Layout layout) => throw Error();

    internal override void Deallocate(void* block, Layout layout) => throw Error();

    internal override void* Reallocate(void* block, Layout layout, nuint newSize) => throw Error();

    internal override bool TryResize(void* block, Layout layout, nuint newSize) => throw Error();

    internal override nuint UsableSize(void* block, Layout layout) => throw Error();

    internal override bool Owns(void* block) => throw Error();

    private InvalidOperationException Error() => new(reason.Message, reason);
}
