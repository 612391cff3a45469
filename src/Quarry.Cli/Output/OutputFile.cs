using System;
using System.IO;
using Quarry.Tools;
using Quarry.Tools.Output;

namespace Quarry.Cli.Output;

/// <summary>Writes a result to a file or to standard output, and never replaces a file by mistake.</summary>
internal static class OutputFile
{
    /// <summary>The name that stands for standard output.</summary>
    internal const string StandardOutput = "-";

    private const int DescriptorOfOutput = 1;

    /// <summary>Writes a result.</summary>
    /// <param name="path">The path of the file; "-" for standard output.</param>
    /// <param name="force">Whether an existing file is replaced.</param>
    /// <param name="write">Writes the result.</param>
    /// <exception cref="QuarryException">The file exists.</exception>
    internal static void Write(string path, bool force, Action<Stream> write)
    {
        if (path == StandardOutput)
        {
            using BufferedStream output = new(new DescriptorStream(DescriptorOfOutput), 1 << 16);
            write(output);
            return;
        }

        Check(path, force);

        // A reader of the old file keeps it, and an interruption leaves no half of the new one.
        string temporary = FormattableString.Invariant($"{path}.{Environment.ProcessId}.tmp");
        try
        {
            using (FileStream output = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(output);
            }

            File.Move(temporary, path, overwrite: force);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>
    /// Checks whether a file can be written that may exist, before the work; creates an empty one if not.
    /// </summary>
    /// <exception cref="QuarryException">The file cannot be written.</exception>
    internal static void CheckWritable(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new QuarryException($"cannot write '{path}': {e.Message}");
        }
    }

    /// <summary>Checks whether a file can be written, before the work.</summary>
    /// <exception cref="QuarryException">The file exists.</exception>
    internal static void Check(string path, bool force)
    {
        if (path != StandardOutput && !force && Path.Exists(path))
        {
            throw new QuarryException($"'{path}' exists; use --force to replace it");
        }
    }
}
