using System;
using System.Linq;
using System.Reflection;
using System.Threading;

namespace Quarry;

/// <summary>The choice of the allocator behind <see cref="Global"/>.</summary>
internal static class GlobalChoice
{
    internal const string Switch = "Quarry.GlobalAllocator";

    private static readonly Lock s_lock = new();
    private static GlobalDispatch? s_named;
    private static bool s_made;

    /// <summary>
    /// Who serves. The JIT takes the object for a constant once it is made, and its type for known.
    /// </summary>
    internal static GlobalDispatch Serving => Made.Dispatch;

    /// <summary>Puts an allocator before all that the settings say.</summary>
    internal static void Name(GlobalDispatch dispatch)
    {
        lock (s_lock)
        {
            if (s_made || s_named != null)
            {
                throw new InvalidOperationException(s_made
                    ? $"{nameof(Global)} was used already; name its allocator before the first use."
                    : $"{nameof(Global)} was given {s_named!.AllocatorType} already.");
            }

            s_named = dispatch;
        }
    }

    /// <summary>Why an allocator cannot serve the whole process; null if it can.</summary>
    internal static string? WhyNot<TAllocator>() where TAllocator : unmanaged, IAllocator =>
        StandsOnGlobal(typeof(TAllocator))
            ? $"{typeof(TAllocator)} stands on {nameof(Global)} itself."
            : (TAllocator.Traits & AllocatorTraits.ThreadSafe) == 0
            ? $"{typeof(TAllocator)} is not {nameof(AllocatorTraits.ThreadSafe)}, and any thread may use "
                + $"{nameof(Global)}."
            : null;

    /// <param name="origin">Who named the type, for the messages.</param>
    internal static GlobalDispatch MakeDefault<TAllocator>(string origin)
        where TAllocator : unmanaged, IAllocator => Checked(new TAllocator(), origin);

    /// <param name="origin">Who named the type, for the messages.</param>
    internal static GlobalDispatch MakeBy<TAllocator, TFactory>(string origin)
        where TAllocator : unmanaged, IAllocator
        where TFactory : IAllocatorFactory<TAllocator> => TFactory.TryCreate(out TAllocator allocator)
        ? Checked(allocator, origin)
        : throw new InvalidOperationException(
            $"{origin} cannot be followed: {typeof(TFactory)} cannot make the allocator.");

    /// <param name="attributes">All of the entry assembly; several, if they are of different types.</param>
    internal static GlobalDispatch? OfAttributes(GlobalAllocatorAttribute[] attributes) =>
        attributes.Length < 2
            ? attributes.FirstOrDefault()?.Make()
            : throw new InvalidOperationException(
                "The entry assembly has more than one GlobalAllocator attribute: "
                + string.Join(", ", attributes.Select(each => each.GetType().GenericTypeArguments[0])) + ".");

    private static GlobalDispatch<TAllocator> Checked<TAllocator>(TAllocator allocator, string origin)
        where TAllocator : unmanaged, IAllocator => WhyNot<TAllocator>() is { } reason
        ? throw new InvalidOperationException($"{origin} cannot be followed: {reason}")
        : new GlobalDispatch<TAllocator>(allocator);

    private static bool StandsOnGlobal(Type type) =>
        type == typeof(Global) || type.GenericTypeArguments.Any(StandsOnGlobal);

    private static GlobalDispatch Make()
    {
        lock (s_lock)
        {
            s_made = true;
            try
            {
                return s_named ?? OfSwitch() ?? OfAttributes(EntryAttributes()) ?? GlobalNames.MakeHeap();
            }
            catch (Exception reason)
            {
                return new GlobalRefusal(reason);
            }
        }
    }

    private static GlobalDispatch? OfSwitch() =>
        AppContext.GetData(Switch) is string { Length: > 0 } name ? GlobalNames.Make(name) : null;

    private static GlobalAllocatorAttribute[] EntryAttributes() =>
        [.. Assembly.GetEntryAssembly()?.GetCustomAttributes<GlobalAllocatorAttribute>() ?? []];

    // A class of its own, so that naming an allocator does not choose.
    private static class Made
    {
        internal static readonly GlobalDispatch Dispatch = Make();
    }
}
