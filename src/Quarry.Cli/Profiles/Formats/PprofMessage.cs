using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Profiles;

namespace Quarry.Cli.Profiles.Formats;

/// <summary>Builds the message Profile of pprof's profile.proto.</summary>
internal sealed class PprofMessage(Profile profile, PprofContents contents)
{
    private readonly ProtobufWriter _message = new();
    private readonly StringTable _strings = new();
    private readonly Dictionary<(string Name, string File), ulong> _functions = [];
    private readonly Dictionary<(ulong Address, Frame Outermost), ulong> _locations = [];

    // pprof takes the first mapping for the program.
    private readonly RecordedModule[] _modules =
        [.. profile.File.Modules.OrderBy(module => module.Path != profile.File.Program)];

    internal ProtobufWriter Create()
    {
        foreach (PprofType type in contents.Types)
        {
            _message.Message(1, value => ValueType(value, type.Name, type.Unit));
        }

        foreach (SymbolizedSite site in contents.Sites)
        {
            ulong[] locations = [.. site.Addresses.Select(Location)];

            // Growth may be negative.
            ulong[] values = [.. contents.Types.Select(t => (ulong)(long)Math.Round(t.Value(site.Figures)))];
            _message.Message(2, sample => Sample(sample, site.Figures, locations, values));
        }

        for (int i = 0; i < _modules.Length; i++)
        {
            int index = i;
            _message.Message(3, mapping => Mapping(mapping, index));
        }

        _message.Number(9, (contents.Time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
        _message.Number(10, contents.Duration.Ticks * TimeSpan.NanosecondsPerTick);
        _message.Message(11, value => ValueType(value, "space", "bytes"));
        _message.Number(12, Math.Max(1, profile.File.SampleInterval));
        _message.Number(13, _strings.IndexOf(PlainText.OneLine(profile.CommandLine)));
        _message.Number(14, _strings.IndexOf(contents.DefaultType));

        // The order of fields is free, so the table comes when it is complete.
        foreach (string text in _strings.Strings)
        {
            _message.Text(6, text);
        }

        return _message;
    }

    private void ValueType(ProtobufWriter message, string type, string unit)
    {
        message.Number(1, _strings.IndexOf(type));
        message.Number(2, _strings.IndexOf(unit));
    }

    private void Sample(ProtobufWriter message, RecordedSite site, ulong[] locations, ulong[] values)
    {
        message.Numbers(1, locations);
        message.Numbers(2, values);
        if (site.Blocks > 0)
        {
            // As Go does: the size of a block.
            message.Message(3, label =>
            {
                label.Number(1, _strings.IndexOf("bytes"));
                label.Number(3, (long)Math.Round(site.Bytes / site.Blocks));
            });
        }
    }

    private ulong Location(IReadOnlyList<Frame> frames)
    {
        Frame outermost = frames[^1];
        if (!_locations.TryGetValue((outermost.Address, outermost), out ulong id))
        {
            id = (ulong)_locations.Count + 1;
            _locations.Add((outermost.Address, outermost), id);
            ulong[] functions = [.. frames.Select(Function)];
            _message.Message(4, location =>
            {
                location.Number(1, id);
                location.Number(2, MappingOf(outermost));
                location.Number(3, outermost.Address);
                for (int i = 0; i < functions.Length; i++)
                {
                    int index = i;
                    location.Message(4, line =>
                    {
                        line.Number(1, functions[index]);
                        line.Number(2, frames[index].Line);
                    });
                }
            });
        }

        return id;
    }

    private long MappingOf(Frame frame) => 1 + Array.FindIndex(
        _modules, module => module.Path == frame.Module && module.Contains(frame.Address));

    private ulong Function(Frame frame)
    {
        if (!_functions.TryGetValue((frame.Function, frame.File), out ulong id))
        {
            id = (ulong)_functions.Count + 1;
            _functions.Add((frame.Function, frame.File), id);
            _message.Message(5, function =>
            {
                function.Number(1, id);
                function.Number(2, _strings.IndexOf(frame.Function));
                function.Number(3, _strings.IndexOf(frame.Function));
                function.Number(4, _strings.IndexOf(frame.File));
            });
        }

        return id;
    }

    private void Mapping(ProtobufWriter message, int index)
    {
        RecordedModule module = _modules[index];
        message.Number(1, (ulong)index + 1);
        message.Number(2, module.Start);
        message.Number(3, module.End);
        message.Number(4, module.Start - module.LoadBias);
        message.Number(5, _strings.IndexOf(module.Path));
        message.Number(6, _strings.IndexOf(module.BuildId));

        // Functions, files, lines and inlined frames are known, so that pprof does not look for the binary.
        for (int field = 7; field <= 10; field++)
        {
            message.Number(field, 1);
        }
    }
}
