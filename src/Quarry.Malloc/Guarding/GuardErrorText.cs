using System;

namespace Quarry.Malloc;

/// <summary>Writes the report of an error to standard error.</summary>
internal static unsafe class GuardErrorText
{
    // A frame has the path of a module, of which the end is the interesting part.
    private const int LongestPath = 160;

    internal static void Write(in GuardErrorReport report)
    {
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("quarry: "u8);
        text.Append(report.Title);
        text.Append(": "u8);
        text.Append(report.AccessName);
        text.Append(report.Access == GuardAccess.Call ? " with 0x"u8 : " at 0x"u8);
        text.AppendHex(report.Address);
        if (report.HasBlock)
        {
            text.Append(", "u8);
            report.AppendPlace(ref text);
        }

        text.Append((byte)'\n');
        StandardError.Write(ref text);
        if (ErrorFile.IsOpen)
        {
            // Its reader shows the stacks, with names.
            return;
        }

        WriteStack("by"u8, report.Thread, report.Frames, report.FrameCount);
        GuardSlot* slot = report.Slot;
        if (report.HasRelease)
        {
            WriteStack("freed by"u8, slot->FreeingThread, slot->Release, slot->ReleaseFrames);
        }

        if (report.HasAllocation)
        {
            WriteStack("allocated by"u8, slot->AllocatingThread, slot->Allocation, slot->AllocationFrames);
        }
    }

    internal static void WriteStack(ReadOnlySpan<byte> what, int thread, ulong* frames, int count)
    {
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("quarry:   "u8);
        text.Append(what);
        text.Append(" thread "u8);
        text.Append((nuint)(uint)thread);
        text.Append(count == 0 ? ", at an unknown stack\n"u8 : ":\n"u8);
        StandardError.Write(ref text);
        for (int index = 0; index < count; index++)
        {
            WriteFrame((nuint)frames[index] - 1);
        }
    }

    private static void WriteFrame(nuint address)
    {
        byte* buffer = stackalloc byte[MappingReader.PathBytes];
        TextBuffer text = new(stackalloc byte[StandardError.MessageSize]);
        text.Append("quarry:     0x"u8);
        text.AppendHex(address);
        if (StackWalker.TryDescribe(GuardMode.Walker, address, buffer, out StackModule module))
        {
            ReadOnlySpan<byte> path = CText.Span(module.Path);
            text.Append((byte)' ');
            text.Append(path.Slice(Math.Max(0, path.Length - LongestPath)));
            text.Append("+0x"u8);
            text.AppendHex(address - module.LoadBias);
        }

        text.Append((byte)'\n');
        StandardError.Write(ref text);
    }
}
