using System;

namespace Quarry.Malloc;

/// <summary>Writes the report of an error as a line of JSON.</summary>
internal static unsafe class GuardErrorJson
{
    internal static void Append(ref TextBuffer text, in GuardErrorReport report)
    {
        GuardSlot* slot = report.Slot;
        text.Append("{\"error\":\""u8);
        text.Append(report.Name);
        text.Append("\",\"title\":\""u8);
        text.Append(report.Title);
        text.Append("\",\"access\":\""u8);
        text.Append(report.AccessName);
        text.Append("\",\"address\":"u8);
        text.Append(report.Address);
        if (report.HasBlock)
        {
            text.Append(",\"block\":"u8);
            text.Append(slot->Address);
            text.Append(",\"size\":"u8);
            text.Append(slot->Size);
        }

        if (report.Passed != 0)
        {
            text.Append(",\"passed\":"u8);
            text.Append(report.Passed);
        }

        text.Append(",\"process\":"u8);
        text.Append((nuint)Os.ProcessId());
        text.Append(",\"stacks\":["u8);
        AppendStack(ref text, "by"u8, report.Thread, report.Frames, report.FrameCount);
        if (report.HasRelease)
        {
            text.Append((byte)',');
            AppendStack(ref text, "freed by"u8, slot->FreeingThread, slot->Release, slot->ReleaseFrames);
        }

        if (report.HasAllocation)
        {
            text.Append((byte)',');
            AppendStack(
                ref text, "allocated by"u8, slot->AllocatingThread, slot->Allocation, slot->AllocationFrames);
        }

        text.Append("]}\n"u8);
    }

    internal static void Append(ref TextBuffer text, in LeakedStack leak, ulong* frames, int count)
    {
        text.Append("{\"error\":\"leak\",\"title\":\"not freed\",\"access\":\"exit\",\"address\":"u8);
        text.Append(leak.Example);
        text.Append(",\"blocks\":"u8);
        text.Append(leak.Blocks);
        text.Append(",\"size\":"u8);
        text.Append(leak.Bytes);
        text.Append(",\"process\":"u8);
        text.Append((nuint)Os.ProcessId());
        text.Append(",\"stacks\":["u8);
        AppendStack(ref text, "allocated by"u8, leak.Thread, frames, count);
        text.Append("]}\n"u8);
    }

    private static void AppendStack(
        ref TextBuffer text, ReadOnlySpan<byte> what, int thread, ulong* frames, int count)
    {
        text.Append("{\"what\":\""u8);
        text.Append(what);
        text.Append("\",\"thread\":"u8);
        text.Append((nuint)(uint)thread);
        text.Append(",\"frames\":["u8);
        for (int index = 0; index < count; index++)
        {
            text.Append(index == 0 ? ""u8 : ","u8);
            AppendFrame(ref text, (nuint)frames[index]);
        }

        text.Append("]}"u8);
    }

    private static void AppendFrame(ref TextBuffer text, nuint address)
    {
        byte* path = stackalloc byte[MappingReader.PathBytes];
        text.Append("{\"address\":"u8);
        text.Append(address);
        if (StackWalker.TryDescribe(GuardMode.Walker, address - 1, path, out StackModule module))
        {
            text.Append(",\"module\":"u8);
            text.AppendJson(module.Path);
            text.Append(",\"start\":"u8);
            text.Append(module.Start);
            text.Append(",\"end\":"u8);
            text.Append(module.End);
            text.Append(",\"bias\":"u8);
            text.Append(module.LoadBias);
        }

        text.Append((byte)'}');
    }
}
