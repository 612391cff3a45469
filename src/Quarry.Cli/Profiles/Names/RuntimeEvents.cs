using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Quarry.Testing;

namespace Quarry.Cli.Profiles.Names;

/// <summary>
/// Reads recordings of the events of a .NET runtime: the methods of the process, and sampled objects.
/// </summary>
/// <remarks>
/// Methods come from the rundown at the end of a recording: all code that exists then, precompiled code that
/// was used included. The events of the compiler report them one by one, which takes csc 25 to 60 % more
/// processor time.
/// </remarks>
internal sealed class RuntimeEvents
{
    /// <summary>The provider of the runtime.</summary>
    internal const string Provider = "Microsoft-Windows-DotNETRuntime";

    /// <summary>The events of collections, for the size of the heap, and those of sampled objects.</summary>
    internal const long Keywords = 0x1 | 0x800_0000_0000;

    /// <summary>Those of the loader, of which there are none at the critical level: for a rundown alone.
    /// </summary>
    internal const long NoKeywords = 0x8;

    private readonly List<Found> _methods = [];
    private readonly Dictionary<long, string> _assemblies = [];
    private readonly ObjectSamples _objects = new();

    // The map of a code version comes directly before the version itself, on the same thread. The number of a
    // method is no key: its versions share it.
    private readonly Dictionary<int, (long Method, InstructionMap Map)> _maps = [];

    /// <summary>Gets the sampled objects.</summary>
    internal ObjectSamples Objects => _objects;

    /// <summary>Gets whether a rundown was read to its end: not if the process was killed before.</summary>
    internal bool HasRundown { get; private set; }

    /// <summary>Reads a recording to its end. One that was cut off gives what it has.</summary>
    internal void Read(Stream recording)
    {
        try
        {
            using EventPipeEventSource source = new(recording);
            Listen(source);
            source.Process();
        }
        catch (Exception e) when (e is IOException or FormatException or InvalidOperationException
            or ArgumentException or NotSupportedException or IndexOutOfRangeException or OverflowException)
        {
            // The process was killed, or is still writing.
        }
    }

    /// <summary>Gets the methods, in the order in which they were reported.</summary>
    internal IEnumerable<ManagedMethod> Methods()
    {
        foreach (Found found in _methods)
        {
            yield return new ManagedMethod(found.Start, found.Size, found.Name,
                _assemblies.GetValueOrDefault(found.Module, ""), found.Token, found.IsStub,
                found.IsReplacement, found.Map);
        }
    }

    private void Listen(TraceEventDispatcher source)
    {
        ClrRundownTraceEventParser rundown = new(source);
        rundown.LoaderModuleDCStart += Add;
        rundown.LoaderModuleDCStop += Add;
        rundown.MethodDCStartVerbose += Add;
        rundown.MethodDCStopVerbose += Add;
        rundown.MethodILToNativeMapDCStart += Add;
        rundown.MethodILToNativeMapDCStop += Add;
        rundown.MethodDCStopComplete += _ => HasRundown = true;
        _objects.Listen(source.Clr);
    }

    private void Add(ModuleLoadUnloadTraceData module) => _assemblies[module.ModuleID] = module.ModuleILPath;

    private void Add(MethodILToNativeMapTraceData map)
    {
        int[] native = new int[map.CountOfMapEntries];
        int[] instructions = new int[native.Length];
        for (int i = 0; i < native.Length; i++)
        {
            native[i] = map.NativeOffset(i);
            instructions[i] = map.ILOffset(i);
        }

        _maps[map.ThreadID] = (map.MethodID, new InstructionMap(native, instructions));
    }

    private void Add(MethodLoadUnloadVerboseTraceData method)
    {
        if (method.MethodStartAddress == 0)
        {
            return;
        }

        InstructionMap? map =
            _maps.Remove(method.ThreadID, out var last) && last.Method == method.MethodID ? last.Map : null;
        string name = method.MethodNamespace.Length > 0
            ? method.MethodNamespace + "." + method.MethodName
            : method.MethodName;
        bool isStub = method.MethodName.StartsWith("IL_STUB", StringComparison.Ordinal);
        _methods.Add(new Found(
            method.MethodStartAddress, (uint)method.MethodSize, ReadableName.OfMethod(name),
            method.ModuleID, method.MethodToken, isStub,
            method.OptimizationTier == OptimizationTier.OptimizedTier1OSR, map));
    }

    private readonly record struct Found(
        ulong Start, uint Size, string Name, long Module, int Token, bool IsStub, bool IsReplacement,
        InstructionMap? Map);
}
