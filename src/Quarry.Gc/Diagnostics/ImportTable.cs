using System;

namespace Quarry.Gc;

/// <summary>Replaces a function that a module imports.</summary>
/// <remarks>
/// A call to a function of another module jumps to the address in a slot of the caller, which the loader has
/// filled. Other modules have slots of their own, so only the calls of one module are replaced. The tables
/// are those of the ELF specification.
/// </remarks>
internal static unsafe class ImportTable
{
    /// <summary>Replaces a function.</summary>
    /// <param name="code">An address in the code of the module that calls it.</param>
    /// <param name="name">The name of the function.</param>
    /// <param name="replacement">The function that is called instead.</param>
    /// <returns>The function that was called before; null if the module does not import it.</returns>
    internal static void* Replace(nuint code, ReadOnlySpan<byte> name, void* replacement)
    {
        byte* path = stackalloc byte[MappingReader.PathBytes];
        if (!MappingReader.TryFind(code, path, out _, out nuint start)
            || !LoadedModule.TryRead(start, 0, code, out LoadedModule module))
        {
            return null;
        }

        nuint* slot = Find(module, name);
        byte* page = (byte*)Layout.AlignDown((nuint)slot, Os.PageSize);
        if (slot == null || !Os.Linux.MakeWritable(page, Os.PageSize))
        {
            return null;
        }

        void* original = (void*)*slot;
        Atomic.Write(ref *slot, (nuint)replacement);
        if (module.IsReadOnlyOnceRelocated((nuint)slot))
        {
            _ = Os.Linux.MakeReadOnly(page, Os.PageSize);
        }

        return original;
    }

    private static nuint* Find(in LoadedModule module, ReadOnlySpan<byte> name)
    {
        nuint names = 0, symbols = 0, slots = 0, bytes = 0;
        nuint* entry = module.FindDynamicSection();
        for (; entry != null && *entry != DynamicTag.End; entry += 2)
        {
            names = *entry == DynamicTag.Strings ? Absolute(module, entry[1]) : names;
            symbols = *entry == DynamicTag.Symbols ? Absolute(module, entry[1]) : symbols;
            slots = *entry == DynamicTag.Slots ? Absolute(module, entry[1]) : slots;
            bytes = *entry == DynamicTag.SlotsSize ? entry[1] : bytes;
        }

        for (var one = (Slot*)slots; (nuint)one < slots + bytes; one++)
        {
            Symbol* symbol = (Symbol*)symbols + one->Symbol;
            if (CText.Span((byte*)names + symbol->Name).SequenceEqual(name))
            {
                return (nuint*)(module.LoadBias + one->Offset);
            }
        }

        return null;
    }

    // The loader of glibc has added the bias in the section itself, that of musl has not.
    private static nuint Absolute(in LoadedModule module, nuint address) =>
        address < module.Start ? module.LoadBias + address : address;

    // Elf64_Rela
    private struct Slot
    {
        public nuint Offset;
        public uint Type;
        public uint Symbol;
        public nint Addend;
    }

    // Elf64_Sym
    private struct Symbol
    {
        public uint Name;
        public uint TypeAndSection;
        public ulong Value;
        public ulong Size;
    }
}
