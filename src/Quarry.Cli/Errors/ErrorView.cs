using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Model;
using Quarry.Cli.Profiles.Names;
using Quarry.Profiles;

namespace Quarry.Cli.Errors;

/// <summary>Writes errors for people, with the names of the functions.</summary>
internal sealed class ErrorView
{
    private readonly NativeNames _names = new(Symbolizer.Find());
    private readonly Dictionary<ulong, IReadOnlyList<Frame>> _frames = [];

    /// <summary>Writes errors.</summary>
    internal void Write(TextWriter writer, IReadOnlyList<MemoryError> errors)
    {
        Name(errors.SelectMany(error => error.Stacks).SelectMany(stack => stack.Frames));
        foreach (MemoryError error in errors)
        {
            writer.WriteLine();
            writer.WriteLine(Title(error));
            foreach (ErrorStack stack in error.Stacks)
            {
                Write(writer, stack);
            }
        }
    }

    private static string Title(MemoryError error) => string.Create(
        CultureInfo.InvariantCulture,
        $"{error.Title} in process {error.Process}: {Details(error)}");

    private static string Details(MemoryError error)
    {
        FormattableString text = error.Blocks is { } blocks
            ? (FormattableString)$"{error.Size} bytes in {blocks} {(blocks == 1 ? "block" : "blocks")}"
            : $"{Verb(error)} 0x{error.Address:x}{Place(error)}{Passed(error)}";
        return FormattableString.Invariant(text);
    }

    private static string Passed(MemoryError error) =>
        error.Passed is { } passed
            ? $", {(error.Error is "wrong_size" ? "size" : "alignment")} "
                + passed.ToString(CultureInfo.InvariantCulture)
            : "";

    private static string Verb(MemoryError error) =>
        error.Access is "call" ? "call with" : $"{error.Access} at";

    private static string Place(MemoryError error)
    {
        if (error is not { Block: { } block, Size: { } size })
        {
            return "";
        }

        if (error.Address == block)
        {
            return string.Create(CultureInfo.InvariantCulture, $", the start of a block of {size} bytes");
        }

        ulong end = block + size;
        (ulong distance, string side) = error.Address >= end ? (error.Address - end, "behind")
            : error.Address < block ? (block - error.Address, "before")
            : (error.Address - block, "inside");
        return string.Create(
            CultureInfo.InvariantCulture, $", {distance} bytes {side} a block of {size} bytes");
    }

    private void Write(TextWriter writer, ErrorStack stack)
    {
        string thread = stack.Thread.ToString(CultureInfo.InvariantCulture);
        writer.WriteLine($"  {stack.What} thread {thread}:");
        foreach (Frame frame in stack.Frames.SelectMany(frame => _frames[frame.Address - 1]))
        {
            string place = frame.Source.Length > 0 ? frame.Source : frame.ModuleName;
            string inlined = frame.IsInlined ? ", inlined" : "";
            writer.WriteLine($"    {frame.Function}{(place.Length > 0 ? $"  ({place}{inlined})" : "")}");
        }
    }

    private void Name(IEnumerable<ErrorFrame> frames)
    {
        foreach (IGrouping<(string? Module, ulong Start, ulong End, ulong Bias), ErrorFrame> group in
            frames.GroupBy(frame => (frame.Module, frame.Start, frame.End, frame.Bias)))
        {
            ulong[] addresses = [.. group.Select(frame => frame.Address - 1).Distinct()];
            if (group.Key.Module is not { } path)
            {
                foreach (ulong address in addresses)
                {
                    string name = string.Create(CultureInfo.InvariantCulture, $"unknown!0x{address:x}");
                    _frames[address] = [new Frame(name, "", "", 0, FrameKind.Native, false, address)];
                }

                continue;
            }

            RecordedModule module = new()
            {
                Path = path,
                Start = group.Key.Start,
                End = group.Key.End,
                LoadBias = group.Key.Bias,
            };
            foreach ((ulong address, IReadOnlyList<Frame> named) in
                _names.Find(module, FrameKind.Native, addresses))
            {
                _frames[address] = named;
            }
        }
    }
}
