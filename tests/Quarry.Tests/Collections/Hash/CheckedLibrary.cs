using System;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Threading;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>Runs a test on a second copy of the library, which has its checks on.</summary>
/// <remarks>
/// The library reads the switch once; the copy, which is loaded with a copy of the tests, reads it anew.
/// </remarks>
internal static class CheckedLibrary
{
    private static readonly Lock s_loading = new();

    /// <param name="type">The type of the test.</param>
    /// <param name="method">A static method without parameters.</param>
    internal static void Run(Type type, string method)
    {
        MethodInfo? test = Copy().LoadFromAssemblyName(type.Assembly.GetName())
            .GetType(type.FullName!)!.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic);
        Assert.NotNull(test);
        test.Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null);
    }

    private static CopyContext Copy()
    {
        lock (s_loading)
        {
            // The library under test reads the switch now, before it is set for the copy.
            RuntimeHelpers.RunClassConstructor(typeof(Checks).TypeHandle);
            var copy = new CopyContext();
            Type checks = copy.LoadFromAssemblyName(typeof(Checks).Assembly.GetName())
                .GetType(typeof(Checks).FullName!)!;
            AppContext.SetSwitch(Checks.Switch, true);
            RuntimeHelpers.RunClassConstructor(checks.TypeHandle);
            AppContext.SetSwitch(Checks.Switch, false);
            return copy;
        }
    }

    private sealed class CopyContext : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name is "Quarry" or "Quarry.Tests"
                ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll"))
                : null;
    }
}
