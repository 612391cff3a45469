namespace Quarry;

/// <content>On .NET, where a walk stays within the given stack.</content>
internal unsafe partial struct StackWalker
{
    private static bool TryFindBounds(StackWalker* walker, nuint stackPointer, out StackBounds bounds)
    {
        bounds = default;
        return false;
    }
}
