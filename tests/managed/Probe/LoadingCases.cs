using System;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Quarry.Gc.Probe;

/// <summary>Code that is generated, loaded and unloaded.</summary>
internal static class LoadingCases
{
    private static int s_loaded;

    /// <summary>Called in a copy of this assembly, which has statics of its own.</summary>
    internal static int Count() => ++s_loaded;

    internal static void CollectibleContexts()
    {
        for (int round = 0; round < 3; round++)
        {
            Console.WriteLine(LoadAndCall());
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Console.WriteLine(s_loaded);
    }

    internal static void Emit()
    {
        AssemblyBuilder assembly = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName("Made"), AssemblyBuilderAccess.RunAndCollect);
        ModuleBuilder module = assembly.DefineDynamicModule("Made");
        for (int number = 0; number < 20; number++)
        {
            TypeBuilder type = module.DefineType($"Type{number}", TypeAttributes.Public);
            type.DefineField("Sibling", typeof(object), FieldAttributes.Public);
            Type made = type.CreateType();
            object one = Activator.CreateInstance(made)!;
            made.GetField("Sibling")!.SetValue(one, new[] { one });
            Check.That(((object[])made.GetField("Sibling")!.GetValue(one)!)[0] == one);
        }

        Func<int, int>[] methods = [.. Enumerable.Range(0, 100).Select(Adder)];
        Console.WriteLine(methods.Sum(method => method(1)));
        ParameterExpression x = Expression.Parameter(typeof(int));
        Console.WriteLine(Expression.Lambda<Func<int, int>>(Expression.Multiply(x, x), x).Compile()(12));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LoadAndCall()
    {
        AssemblyLoadContext context = new("copy", isCollectible: true);
        Assembly copy = context.LoadFromAssemblyPath(typeof(LoadingCases).Assembly.Location);
        Type type = copy.GetType(typeof(LoadingCases).FullName!)!;
        MethodInfo count = type.GetMethod(nameof(Count), BindingFlags.Static | BindingFlags.NonPublic)!;
        _ = count.Invoke(null, null);
        int loaded = (int)count.Invoke(null, null)!;
        Check.That(type != typeof(LoadingCases));
        context.Unload();
        return loaded;
    }

    private static Func<int, int> Adder(int number)
    {
        DynamicMethod method = new($"Add{number}", typeof(int), [typeof(int)]);
        ILGenerator code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldc_I4, number);
        code.Emit(OpCodes.Add);
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<int, int>>();
    }
}
