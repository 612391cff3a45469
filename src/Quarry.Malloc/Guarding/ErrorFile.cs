using System;

namespace Quarry.Malloc;

/// <summary>The file to which the environment variable <c>QUARRY_ERRORS</c> sends errors.</summary>
/// <remarks>
/// The process ID is appended to its path, and each error is one line of JSON. The file is opened for each,
/// so that the process keeps no descriptor.
/// </remarks>
internal static unsafe class ErrorFile
{
    private const int WriteOnly = 1, Create = 0x40, AppendOnly = 0x400, CloseOnExec = 0x80000;
    private const int OwnerOnly = 0x180; // 0600
    private const int PathCapacity = 4096;
    private const nuint LineCapacity = 256 * 1024;

    private static byte* s_prefix;

    /// <summary>Gets a value that indicates whether errors are written to a file.</summary>
    internal static bool IsOpen => s_prefix != null;

    /// <summary>
    /// Reads the path with the first heap, because a program may overwrite its environment.
    /// </summary>
    internal static void Start()
    {
        byte* prefix = ProcessEnvironment.Find("QUARRY_ERRORS"u8);
        ReadOnlySpan<byte> text = prefix == null ? default : CText.Span(prefix);
        if (text.Length is > 0 and < PathCapacity - 32)
        {
            byte* copy = (byte*)Os.Map(PathCapacity);
            if (copy != null)
            {
                Memory.Copy(prefix, copy, (nuint)text.Length);
                s_prefix = copy;
            }
        }
    }

    /// <summary>Appends an error.</summary>
    internal static void Append(in GuardErrorReport report)
    {
        byte* memory = s_prefix == null ? null : (byte*)Os.Map(LineCapacity);
        if (memory == null)
        {
            return;
        }

        TextBuffer path = new(new Span<byte>(memory, PathCapacity));
        path.Append(CText.Span(s_prefix));
        path.Append((byte)'.');
        path.Append((nuint)Os.ProcessId());
        path.Append((byte)0);
        TextBuffer line = new(new Span<byte>(memory + PathCapacity, (int)LineCapacity - PathCapacity));
        GuardErrorJson.Append(ref line, report);
        line.EndTruncatedLine();
        nint descriptor = Os.Linux.Open(memory, WriteOnly | Create | AppendOnly | CloseOnExec, OwnerOnly);
        if (descriptor >= 0)
        {
            _ = Os.Write((int)descriptor, memory + PathCapacity, (nuint)line.Length);
            Os.Linux.Close(descriptor);
        }

        Os.Unmap(memory, LineCapacity);
    }
}
