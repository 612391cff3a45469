using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using ELFSharp.ELF.Sections;
using Microsoft.Win32.SafeHandles;
using Quarry.Profiles;
using Quarry.Tools;
using Quarry.Tools.Elf;

namespace Quarry.Cli.Profiles.Recording;

/// <summary>
/// The symbol <c>quarry_control</c> in the memory of a process: needs the permission of a debugger, but
/// neither stops the process nor runs code in it.
/// </summary>
internal sealed class QuarryControl : IDisposable
{
    private const string Symbol = "quarry_control";

    private readonly SafeFileHandle _memory;
    private readonly long _address;

    private QuarryControl(SafeFileHandle memory, long address)
    {
        _memory = memory;
        _address = address;
    }

    /// <summary>Determines whether the library is part of the program itself.</summary>
    internal static bool IsIn(int id) => ValueIn($"/proc/{id}/exe") is not null;

    /// <summary>Opens the memory of a process.</summary>
    /// <exception cref="QuarryException">The process is of another version, or access is denied.</exception>
    internal static QuarryControl Open(MappedFiles files)
    {
        int id = files.ProcessId;
        if (files.HasDeletedLibrary)
        {
            throw new QuarryException(
                $"the libquarry.so of process {id} was deleted or replaced: restart the process");
        }

        ulong address = AddressIn(files) ?? throw OldVersion(id);
        SafeFileHandle memory = OpenMemory(id);
        QuarryControl control = new(memory, (long)address);
        if (control.Read().Signature != ProfileControl.ExpectedSignature)
        {
            memory.Dispose();
            throw OldVersion(id);
        }

        return control;
    }

    /// <summary>Asks the process for a profile file, and waits for the answer.</summary>
    /// <returns>0 or the error number; null if the process did not allocate in time.</returns>
    internal int? Request(string prefix, TimeSpan patience) => Request(prefix, "", patience);

    /// <summary>Asks the process for a report of its heap, and waits for the answer.</summary>
    /// <param name="path">The path of the file, as the process sees it.</param>
    /// <param name="options">The letters of <c>malloc_stats_print</c>.</param>
    /// <param name="patience">The time to wait.</param>
    /// <returns>0 or the error number; null if the process did not allocate in time.</returns>
    internal int? RequestReport(string path, string options, TimeSpan patience) =>
        Request(path, " " + options, patience);

    private int? Request(string prefix, string letters, TimeSpan patience)
    {
        ProfileControl control = Read();

        // A request that its writer did not wait for is withdrawn before the prefix changes.
        Write(nameof(ProfileControl.Request), control.Answered);
        byte number = unchecked((byte)(control.Answered + 1));
        byte[] path = Encoding.UTF8.GetBytes(prefix + "\0");
        RandomAccess.Write(_memory, path, _address + OffsetOf(nameof(ProfileControl.Prefix)));
        byte[] report = Encoding.UTF8.GetBytes(letters + "\0");
        RandomAccess.Write(_memory, report, _address + OffsetOf(nameof(ProfileControl.Letters)));
        Write(nameof(ProfileControl.Request), number);
        long end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            control = Read();
            if (control.Answered == number)
            {
                return -control.Result;
            }

            if (Environment.TickCount64 >= end)
            {
                Write(nameof(ProfileControl.Request), control.Answered);
                return null;
            }

            // Again and again: the process clears it when it records nothing, and the address is unknown
            // until its first allocation.
            if (control.WantsProgress != 0)
            {
                RandomAccess.Write(_memory, [1], (long)control.WantsProgress);
            }

            Thread.Sleep(1);
        }
    }

    public void Dispose() => _memory.Dispose();

    private ProfileControl Read()
    {
        ProfileControl control = default;
        Span<ProfileControl> memory = new(ref control);
        _ = RandomAccess.Read(_memory, MemoryMarshal.AsBytes(memory), _address);
        return control;
    }

    private void Write(string field, byte value) =>
        RandomAccess.Write(_memory, [value], _address + OffsetOf(field));

    // All fields are blittable, so the marshalled layout is that in memory.
    private static long OffsetOf(string field) => Marshal.OffsetOf<ProfileControl>(field);

    private static ulong? AddressIn(MappedFiles files)
    {
        string library = files.QuarryLibrary ?? new FileInfo($"/proc/{files.ProcessId}/exe").LinkTarget ?? "";
        string path = files.QuarryLibrary is null
            ? $"/proc/{files.ProcessId}/exe"
            : TargetProcess.RootOf(files.ProcessId) + library;
        return ValueIn(path) is var (value, isRelative)
            ? value + (isRelative ? files.BaseOf(library) : 0)
            : null;
    }

    private static (ulong Value, bool IsRelative)? ValueIn(string path)
    {
        using ElfImage? image = ElfImage.TryOpen(path);
        SymbolEntry<ulong>? symbol = image is null
            ? null
            : image.Symbols(".dynsym").Concat(image.Symbols(".symtab")).FirstOrDefault(
                s => s.Name == Symbol && s.PointedSectionIndex != 0);
        return symbol is null ? null : (symbol.Value, image!.IsRelocatable);
    }

    private static SafeFileHandle OpenMemory(int id)
    {
        try
        {
            return UnlockedFile.Open($"/proc/{id}/mem", FileAccess.ReadWrite);
        }
        catch (UnauthorizedAccessException)
        {
            throw new QuarryException($"no permission to write to the memory of process {id}: " +
                PtraceScope.Advice());
        }
    }

    private static QuarryException OldVersion(int id) => new(
        $"process {id} runs on a version of libquarry.so that cannot be attached to: restart it on this one");
}
