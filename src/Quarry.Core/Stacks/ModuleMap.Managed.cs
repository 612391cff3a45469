namespace Quarry;

/// <content>On .NET, where only the given function finds code.</content>
internal unsafe partial struct ModuleMap
{
    private readonly int CallFindObject(nuint address, FoundObject* found) =>
        ((delegate* unmanaged<void*, FoundObject*, int>)_options.FindObject)((void*)address, found);

    private static bool TryFindOutsideOfModules(nuint address, out LoadedModule module)
    {
        module = default;
        return false;
    }

    private static bool TryFindWithGaps(nuint address, out LoadedModule module) =>
        TryFindOutsideOfModules(address, out module);

    private static bool TryFindInMappings(nuint address, out LoadedModule module, ref bool replaced) =>
        TryFindOutsideOfModules(address, out module);
}
