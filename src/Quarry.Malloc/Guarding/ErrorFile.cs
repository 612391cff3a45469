using System;

namespace Quarry.Malloc;

/// <summary>The file to which the environment variable <c>QUARRY_ERRORS</c> sends errors.</summary>
/// <remarks>
/// The process ID is appended to its path, and each error is one line of JSON. The file is opened for each,
/// so that the process keeps no descriptor. A server at the path with <c>.names</c> appended, as <c>quarry
/// run</c> has, resolves addresses of generated code while the process waits: it may end with the error.
/// </remarks>
internal static unsafe class ErrorFile
{
    private const int PathCapacity = 4096;

    // ".", a process ID of up to ten digits, and the zero byte.
    private const int SuffixCapacity = 12;

    private const int LineCapacity = 256 * 1024;

    // A large .NET program takes about a second to list its methods. A runtime whose locks are held by the
    // thread that reports does not answer.
    private const nuint MostSeconds = 10;

    private static byte* s_prefix;
    private static bool s_isUnanswered;

    /// <summary>Gets a value that indicates whether errors are written to a file.</summary>
    internal static bool IsOpen => s_prefix != null;

    /// <summary>
    /// Reads the path with the first heap, because a program may overwrite its environment.
    /// </summary>
    internal static void Start()
    {
        byte* prefix = ProcessEnvironment.Find("QUARRY_ERRORS"u8);
        byte* copy = prefix == null || *prefix == 0 ? null : (byte*)Os.Map(PathCapacity);
        if (copy == null)
        {
            return;
        }

        if (AbsolutePath.TryCopy(copy, PathCapacity - SuffixCapacity, prefix))
        {
            s_prefix = copy;
        }
        else
        {
            StandardError.Write("quarry: QUARRY_ERRORS: the path is too long; no errors are written\n"u8);
        }
    }

    /// <summary>Appends an error.</summary>
    internal static void Append(in GuardErrorReport report)
    {
        byte* memory = TryBegin(out TextBuffer line);
        if (memory != null)
        {
            GuardErrorJson.Append(ref line, report);
            End(memory, ref line);
            AwaitNames();
        }
    }

    /// <summary>Appends the blocks that were not freed of one stack.</summary>
    internal static void Append(in LeakedStack leak, ulong* frames, int count)
    {
        byte* memory = TryBegin(out TextBuffer line);
        if (memory != null)
        {
            GuardErrorJson.Append(ref line, leak, frames, count);
            End(memory, ref line);
        }
    }

    private static byte* TryBegin(out TextBuffer line)
    {
        byte* memory = s_prefix == null ? null : (byte*)Os.Map(PathCapacity + LineCapacity);
        if (memory == null)
        {
            line = default;
            return null;
        }

        TextBuffer path = new(new Span<byte>(memory, PathCapacity));
        path.AppendString(s_prefix);
        path.Append((byte)'.');
        path.Append((nuint)Os.ProcessId());
        path.Append((byte)0);
        line = new TextBuffer(new Span<byte>(memory + PathCapacity, LineCapacity));
        return memory;
    }

    private static void AwaitNames()
    {
        byte* path = s_isUnanswered ? null : (byte*)Os.Map(PathCapacity);
        if (path == null)
        {
            return;
        }

        TextBuffer text = new(new Span<byte>(path, PathCapacity));
        text.AppendString(s_prefix);
        text.Append(".names\0"u8);
        s_isUnanswered = !Os.Linux.TryAwaitServer(path, MostSeconds);
        Os.Unmap(path, PathCapacity);
    }

    private static void End(byte* memory, ref TextBuffer line)
    {
        line.EndTruncatedLine();
        _ = OsFile.TryAppend(memory, line.Text);
        Os.Unmap(memory, PathCapacity + LineCapacity);
    }
}
