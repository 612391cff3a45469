using System;
using System.Collections.Generic;
using System.Linq;
using ELFSharp.ELF.Sections;
using Quarry.Tools.Elf;

namespace Quarry.Cli.Profiles.Names;

/// <summary>The functions of an ELF file, by address.</summary>
internal sealed class FunctionSymbols
{
    private readonly Symbol[] _symbols;

    private FunctionSymbols(Symbol[] symbols) => _symbols = symbols;

    /// <summary>Reads the full symbol table, or else that of the dynamic linker.</summary>
    internal static FunctionSymbols Read(ElfImage image)
    {
        string section = image.HasSymbols ? ".symtab" : ".dynsym";
        Dictionary<ulong, (Symbol Symbol, int Rank)> best = [];
        foreach (SymbolEntry<ulong> entry in image.Symbols(section))
        {
            if (!IsFunction(entry))
            {
                continue;
            }

            Symbol symbol = new(entry.Value, entry.Size, entry.Name);
            int rank = Rank(entry);
            if (!best.TryGetValue(entry.Value, out var other) || rank < other.Rank ||
                (rank == other.Rank && string.CompareOrdinal(symbol.Name, other.Symbol.Name) < 0))
            {
                best[entry.Value] = (symbol, rank);
            }
        }

        return new FunctionSymbols([.. best.Values.Select(b => b.Symbol).OrderBy(s => s.Start)]);
    }

    /// <summary>
    /// Finds the function that contains an address. A function of unknown size (in assembler) contains what
    /// follows it, up to the next one, as long as the frame descriptions do not say otherwise.
    /// </summary>
    /// <param name="address">An address within the function.</param>
    /// <param name="functionStart">The start of the function by the frame descriptions, if known.</param>
    internal Symbol? Find(ulong address, ulong? functionStart)
    {
        int low = 0;
        int high = _symbols.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_symbols[middle].Start <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        // A function may contain others, such as entry points within it: at most a few lie in between.
        const int Nested = 4;
        for (int i = low - 1; i >= Math.Max(0, low - Nested); i--)
        {
            Symbol symbol = _symbols[i];
            bool contains = symbol.Size > 0
                ? address - symbol.Start < symbol.Size
                : i == low - 1 && (functionStart is null || functionStart <= symbol.Start);
            if (contains)
            {
                return symbol;
            }
        }

        return null;
    }

    private static bool IsFunction(SymbolEntry<ulong> entry)
    {
        const int IndirectFunction = 10;
        bool isCode = entry.Type is SymbolType.Function or (SymbolType)IndirectFunction ||
            // Labels of assembler code have no type; those of data lie elsewhere.
            (entry.Type == SymbolType.NotSpecified && entry.Binding == SymbolBinding.Global);
        return isCode && entry.Value != 0 && entry.PointedSectionIndex != 0 && entry.Name.Length > 0;
    }

    /// <summary>Of several names of one address, the public one that users know is best.</summary>
    private static int Rank(SymbolEntry<ulong> entry)
    {
        int underscores = entry.Name.Length - entry.Name.TrimStart('_').Length;
        bool mangled = entry.Name.StartsWith("_Z", StringComparison.Ordinal) ||
            entry.Name.StartsWith("_R", StringComparison.Ordinal);
        return (entry.Type == SymbolType.NotSpecified ? 1000 : 0) +
            (entry.Binding == SymbolBinding.Local ? 100 : 0) +
            (mangled ? 0 : underscores * 10) +
            Math.Min(entry.Name.Length / 8, 9);
    }
}
