using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Quarry.Tools.Running;

namespace Quarry.Cli.Profiles.Names;

/// <summary>A program that finds source lines and inlined functions in DWARF information.</summary>
internal abstract class Symbolizer
{
    // Reading the DWARF of a large program takes some seconds; a tool that hangs must not keep the profile.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly string _program;

    protected Symbolizer(string program) => _program = program;

    /// <summary>Gets the symbolizer of this machine; null if there is none.</summary>
    internal static Symbolizer? Find() =>
        ProgramFinder.IsThere(LlvmSymbolizer.Program) ? new LlvmSymbolizer()
        : ProgramFinder.IsThere(AddressToLine.Program) ? new AddressToLine()
        : null;

    /// <summary>
    /// Finds the functions at addresses of a file, innermost first. The result lacks addresses of which
    /// nothing is known.
    /// </summary>
    /// <param name="file">The file that has the information.</param>
    /// <param name="addresses">Addresses of the file, without duplicates.</param>
    internal Dictionary<ulong, SourceFrame[]> Symbolize(string file, IReadOnlyList<ulong> addresses)
    {
        ProcessStartInfo start = new(_program, Arguments(file))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A tool must not run on the allocator that is profiled, nor download symbols.
        start.Environment.Remove("LD_PRELOAD");
        start.Environment.Remove("DEBUGINFOD_URLS");
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            Task writing = Task.Run(() => Write(process.StandardInput, addresses));
            Task<Dictionary<ulong, SourceFrame[]>> reading =
                Task.Run(() => Read(process.StandardOutput, addresses));
            if (!Task.WaitAll([reading, writing, errors], s_limit))
            {
                process.Kill();
                return [];
            }

            return reading.Result;
        }
        catch (Exception e) when (e is Win32Exception or IOException or AggregateException)
        {
            return [];
        }
    }

    /// <summary>Gets the arguments with which the tool reads addresses from standard input.</summary>
    protected abstract IEnumerable<string> Arguments(string file);

    /// <summary>Reads the tool's answers to the addresses, in their order.</summary>
    protected abstract Dictionary<ulong, SourceFrame[]> Read(
        TextReader output, IReadOnlyList<ulong> addresses);

    private static void Write(TextWriter input, IReadOnlyList<ulong> addresses)
    {
        using (input)
        {
            foreach (string address in addresses.Select(a => $"0x{a:x}"))
            {
                input.WriteLine(address);
            }
        }
    }
}
