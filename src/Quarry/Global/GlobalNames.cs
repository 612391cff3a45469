using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Allocators by the names that the switch <c>Quarry.GlobalAllocator</c> can have.</summary>
internal static class GlobalNames
{
    internal static GlobalDispatch Make(string name) => name switch
    {
        "heap" => MakeHeap(),
        "system" => new GlobalDispatch<SystemHeap>(default),
        _ => MakeOfType(name),
    };

    internal static GlobalDispatch MakeHeap() => new GlobalDispatch<Heap>(new Heap());

    /// <summary>An allocator by the name of its type, or by that of a factory's.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Reported)]
    [UnconditionalSuppressMessage("Trimming", "IL2057", Justification = Reported)]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Reported)]
    private static GlobalDispatch MakeOfType(string name)
    {
        Type type = Type.GetType(name) ?? Assembly.GetEntryAssembly()?.GetType(name)
            ?? throw Refused(name, "it is not heap, system or a type; give the type's assembly, too");
        if (typeof(IAllocator).IsAssignableFrom(type) && type.IsValueType)
        {
            return Invoke(nameof(MakeDefault), name, type);
        }

        Type? allocator = type.GetInterfaces()
            .FirstOrDefault(face => face.IsGenericType
                && face.GetGenericTypeDefinition() == typeof(IAllocatorFactory<>))
            ?.GenericTypeArguments[0];
        return allocator != null
            ? Invoke(nameof(MakeBy), name, allocator, type)
            : throw Refused(name, "it is neither a struct that is an IAllocator nor a factory of one");
    }

    // What a name leads to can be cut away; this says so when it was.
    private const string Reported = "What trimming has removed is reported by an exception with its name.";

    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = Reported)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = Reported)]
    private static GlobalDispatch Invoke(string method, string name, params Type[] types)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw Refused(name, "compiled ahead of time, a program names it by the attribute");
        }

        return (GlobalDispatch)typeof(GlobalNames)
            .GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(types)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [name], null)!;
    }

    private static GlobalDispatch MakeDefault<TAllocator>(string name)
        where TAllocator : unmanaged, IAllocator =>
        HasReferences<TAllocator>()
            ? throw Refused(name, "it holds references to objects, and an allocator is unmanaged")
            : GlobalChoice.MakeDefault<TAllocator>(Origin(name));

    private static GlobalDispatch MakeBy<TAllocator, TFactory>(string name)
        where TAllocator : unmanaged, IAllocator
        where TFactory : IAllocatorFactory<TAllocator> =>
        GlobalChoice.MakeBy<TAllocator, TFactory>(Origin(name));

    // Reflection does not hold to the constraint that the compiler knows.
    private static bool HasReferences<T>() => RuntimeHelpers.IsReferenceOrContainsReferences<T>();

    private static string Origin(string name) => $"The switch {GlobalChoice.Switch} = {name}";

    private static InvalidOperationException Refused(string name, string why) =>
        new($"{Origin(name)} cannot be followed: {why}.");
}
