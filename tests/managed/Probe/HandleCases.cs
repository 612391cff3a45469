using System;
using System.Linq;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Quarry.Gc.Probe;

/// <summary>Handles of all types. Their targets stay alive, so that no collector may clear them.</summary>
internal static class HandleCases
{
    internal static unsafe void AllKinds()
    {
        object[] targets = [.. Enumerable.Range(0, 2500).Select(number => new byte[number % 50])];
        foreach (GCHandleType kind in Enum.GetValues<GCHandleType>())
        {
            GCHandle[] handles = [.. targets.Select(target => GCHandle.Alloc(target, kind))];
            GC.Collect();
            Check.That(handles.Zip(targets).All(pair => pair.First.Target == pair.Second));
            handles[7].Target = targets[8];
            Check.That(handles[7].Target == targets[8] && handles[7].IsAllocated);
            Check.That(GCHandle.FromIntPtr(GCHandle.ToIntPtr(handles[9])).Target == targets[9]);
            if (kind == GCHandleType.Pinned)
            {
                fixed (byte* place = (byte[])targets[9])
                {
                    Check.That(handles[9].AddrOfPinnedObject() == (nint)place);
                }
            }

            Array.ForEach(handles, handle => handle.Free());
            Console.WriteLine(kind);
        }

        WeakReference<object> weak = new(targets[1], trackResurrection: true);
        Check.That(weak.TryGetTarget(out object? found) && found == targets[1]);
        weak.SetTarget(targets[2]);
        Check.That(weak.TryGetTarget(out found) && found == targets[2]);
        GC.KeepAlive(targets);
    }

    internal static void Dependent()
    {
        object primary = new(), secondary = "value", other = new();
        using DependentHandle handle = new(primary, secondary);
        GC.Collect();
        Check.That(handle.Target == primary && handle.Dependent == secondary);
        DependentHandle changed = handle;
        changed.Dependent = other;
        Check.That(handle.TargetAndDependent == (primary, other));
        GC.KeepAlive(primary);
        Console.WriteLine("dependent");
    }

    internal static void WeakTable()
    {
        ConditionalWeakTable<object, string> table = [];
        object[] keys = [.. Enumerable.Range(0, 3000).Select(_ => new object())];
        for (int index = 0; index < keys.Length; index++)
        {
            table.Add(keys[index], $"{index}");
        }

        GC.Collect();
        int found = keys
            .Where((key, index) => table.TryGetValue(key, out string? value) && value == $"{index}")
            .Count();
        Check.Throws<ArgumentException>(() => table.Add(keys[0], "again"));
        bool removed = table.Remove(keys[5]) && !table.TryGetValue(keys[5], out _);
        string added = table.GetValue(keys[5], _ => "new");
        GC.KeepAlive(keys);
        Console.WriteLine($"{found} {removed} {added} {table.Count()}");
    }
}
