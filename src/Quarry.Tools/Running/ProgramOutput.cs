using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading.Tasks;

namespace Quarry.Tools.Running;

/// <summary>The exit code of a program, and the text of its streams that were redirected.</summary>
/// <param name="ExitCode">The exit code; 128 + n if signal n ended it.</param>
/// <param name="Output">The text of standard output.</param>
/// <param name="Errors">The text of standard error.</param>
internal sealed record ProgramOutput(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs a program without input to its end.</summary>
    /// <returns>The output; null if the program cannot be started.</returns>
    internal static ProgramOutput? TryRead(string program, params IEnumerable<string> arguments)
    {
        try
        {
            return Read(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="start">The program, its environment, and which streams are redirected.</param>
    /// <param name="input">The text of standard input.</param>
    /// <param name="longest">The number of characters of each stream that are kept, approximately.</param>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    internal static ProgramOutput Read(ProcessStartInfo start, string input = "", int longest = int.MaxValue)
    {
        using Process process = Process.Start(start)!;
        Task<string> output =
            start.RedirectStandardOutput ? ReadAsync(process.StandardOutput, longest) : Task.FromResult("");
        Task<string> errors =
            start.RedirectStandardError ? ReadAsync(process.StandardError, longest) : Task.FromResult("");
        if (start.RedirectStandardInput)
        {
            Write(process.StandardInput, input);
        }

        process.WaitForExit();
        return new ProgramOutput(
            process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    private static void Write(StreamWriter writer, string input)
    {
        try
        {
            writer.Write(input);
            writer.Close();
        }
        catch (IOException)
        {
            // A program that does not read its input has ended already.
        }
    }

    // Reads to the end in any case, so that the program never waits for a full pipe.
    private static async Task<string> ReadAsync(StreamReader reader, int longest)
    {
        StringBuilder text = new();
        char[] buffer = new char[8192];
        for (int length; (length = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            if (text.Length < longest)
            {
                text.Append(buffer, 0, length);
            }
        }

        return text.ToString();
    }
}
