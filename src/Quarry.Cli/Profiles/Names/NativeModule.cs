using System;
using System.Globalization;
using System.IO;
using Quarry.Profiles;
using Quarry.Tools.Elf;

namespace Quarry.Cli.Profiles.Names;

/// <summary>Names the addresses of one native module.</summary>
internal sealed class NativeModule : IDisposable
{
    private readonly RecordedModule _module;
    private readonly ElfImage? _image;
    private readonly ElfImage? _debug;
    private readonly FunctionStarts? _starts;
    private readonly FunctionSymbols? _symbols;

    /// <summary>Opens the files of a module, as far as they are still those that the process used.</summary>
    /// <param name="module">The module.</param>
    /// <param name="root">The root folder of the process, such as <c>/proc/PID/root</c>; or "".</param>
    internal NativeModule(RecordedModule module, string root)
    {
        _module = module;
        ElfImage? image = module.Path.StartsWith('/') ? ElfImage.TryOpen(root + module.Path) : null;
        if (image is not null && !IsSame(image))
        {
            // An update has replaced the file: its addresses are others.
            image.Dispose();
            image = null;
        }

        _image = image;
        _debug = image is { HasSymbols: true, HasDebugInformation: true }
            ? null
            : DebugFile.Open(module.Path, image, module.BuildId, root);
        _starts = image is null ? null : FunctionStarts.Read(image);
        _symbols = (_debug ?? image) is { } named ? FunctionSymbols.Read(named) : null;
    }

    /// <summary>Gets the file that has DWARF information; null if there is none.</summary>
    internal string? DebugInformation =>
        _debug is { HasDebugInformation: true } ? _debug.FilePath
        : _image is { HasDebugInformation: true } ? _image.FilePath
        : null;

    /// <summary>Converts an address in memory into one of the file.</summary>
    internal ulong InFile(ulong address) => address - _module.LoadBias;

    /// <summary>
    /// Gets the demangled name of a function; its start if it has no symbol, so that the calls in one
    /// function have one name; else the address itself.
    /// </summary>
    internal string Name(ulong address)
    {
        ulong inFile = InFile(address);
        ulong? start = _starts?.Find(inFile);
        string module = Path.GetFileName(_module.Path);
        return _symbols?.Find(inFile, start) is { } symbol
            ? Demangler.Demangle(symbol.Name)
            : string.Create(CultureInfo.InvariantCulture, $"{module}!0x{start ?? inFile:x}");
    }

    public void Dispose()
    {
        _debug?.Dispose();
        _image?.Dispose();
    }

    private bool IsSame(ElfImage image) =>
        _module.BuildId.Length == 0 || _module.BuildId == image.BuildId();
}
