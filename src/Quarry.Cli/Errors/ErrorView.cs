using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Quarry.Cli.Errors;

/// <summary>Writes errors for people.</summary>
internal static class ErrorView
{
    /// <summary>Writes errors.</summary>
    internal static void Write(TextWriter writer, IReadOnlyList<MemoryError<NamedFrame>> errors)
    {
        foreach (MemoryError<NamedFrame> error in errors)
        {
            writer.WriteLine();
            writer.WriteLine(Title(error));
            foreach (ErrorStack<NamedFrame> stack in error.Stacks)
            {
                Write(writer, stack);
            }
        }
    }

    private static string Title(MemoryError<NamedFrame> error) => string.Create(
        CultureInfo.InvariantCulture,
        $"{error.Title} in process {error.Process}: {Details(error)}");

    private static string Details(MemoryError<NamedFrame> error)
    {
        FormattableString text = error.Blocks is { } blocks
            ? (FormattableString)$"{error.Size} bytes in {blocks} {(blocks == 1 ? "block" : "blocks")}"
            : $"{Verb(error)} 0x{error.Address:x}{Place(error)}{Passed(error)}";
        return FormattableString.Invariant(text);
    }

    private static string Passed(MemoryError<NamedFrame> error) =>
        error.Passed is { } passed
            ? $", {(error.Error is "wrong_size" ? "size" : "alignment")} "
                + passed.ToString(CultureInfo.InvariantCulture)
            : "";

    private static string Verb(MemoryError<NamedFrame> error) =>
        error.Access is "call" ? "call with" : $"{error.Access} at";

    private static string Place(MemoryError<NamedFrame> error)
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

    private static void Write(TextWriter writer, ErrorStack<NamedFrame> stack)
    {
        string thread = stack.Thread.ToString(CultureInfo.InvariantCulture);
        string unknown = stack.Frames.Count == 0 ? ", at an unknown stack" : ":";
        writer.WriteLine($"  {stack.What} thread {thread}{unknown}");
        foreach (NamedFrame frame in stack.Frames)
        {
            string place = Place(frame);
            string inlined = frame.IsInlined ? ", inlined" : "";
            writer.WriteLine($"    {frame.Function}{(place.Length > 0 ? $"  ({place}{inlined})" : "")}");
        }
    }

    private static string Place(NamedFrame frame) => frame switch
    {
        { File: { } file, Line: { } line } =>
            string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}:{line}"),
        { File: { } file } => Path.GetFileName(file),
        _ => Path.GetFileName(frame.Module) ?? "",
    };
}
