using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Cli.Profiles.Names;
using Quarry.Profiles;

namespace Quarry.Cli.Errors;

/// <summary>Names the functions in the stacks of the errors of one process.</summary>
internal sealed class ErrorNames
{
    private readonly Dictionary<ulong, IReadOnlyList<Frame>> _frames;

    /// <summary>Finds the names.</summary>
    /// <param name="errors">The errors of the process.</param>
    /// <param name="managed">Its methods, if it is a .NET process.</param>
    internal ErrorNames(IEnumerable<MemoryError<ErrorFrame>> errors, ManagedCode managed)
    {
        IEnumerable<ErrorFrame> frames = errors.SelectMany(error => error.Stacks).SelectMany(s => s.Frames);
        _frames = new AddressNames(managed, program: "").Find(
            frames.Select(frame => (frame.Address - 1, Module(frame))), _ => { });
    }

    internal MemoryError<NamedFrame> Name(MemoryError<ErrorFrame> error) => error.WithFrames(Name);

    private static RecordedModule? Module(ErrorFrame frame) => frame.Module is not { } path
        ? null
        : new RecordedModule
        {
            Path = path,
            Start = frame.Start,
            End = frame.End,
            LoadBias = frame.Bias,
        };

    private IEnumerable<NamedFrame> Name(ErrorFrame frame)
    {
        ulong address = frame.Address - 1;
        if (_frames.TryGetValue(address, out IReadOnlyList<Frame>? named))
        {
            return named.Select(Name);
        }

        string unknown = string.Create(CultureInfo.InvariantCulture, $"unknown!0x{address:x}");
        return [new NamedFrame { Function = unknown, Address = address }];
    }

    private static NamedFrame Name(Frame frame) => new()
    {
        Function = frame.Function,
        Module = frame.Module.Length > 0 ? frame.Module : null,
        File = frame.File.Length > 0 ? frame.File : null,
        Line = frame.Line > 0 ? frame.Line : null,
        IsInlined = frame.IsInlined,
        Address = frame.Address,
    };
}
