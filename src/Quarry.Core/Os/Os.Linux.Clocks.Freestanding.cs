using System;
using System.Runtime.CompilerServices;

namespace Quarry;

/// <content>Clocks, read by the code that the kernel maps into each process.</content>
/// <remarks>
/// The vDSO is an ELF image with functions that read the clocks from a page of data. A call takes some
/// nanoseconds. A system call takes a hundred, and under a hypervisor or with mitigations for the processor
/// up to microseconds, which then is a noticeable part of the time of a program that allocates much.
/// </remarks>
internal static unsafe partial class Os
{
    internal static unsafe partial class Linux
    {
        // Of an ELF image of 64 bits: offsets in the header.
        private const uint ElfMagic = 0x464c_457f;
        private const int ElfSegments = 32, ElfSegmentCount = 56;

        // The size of a symbol, and the offset of its value.
        private const nuint SymbolBytes = 24, SymbolValue = 8;

        private static nuint s_vdso;
        private static nuint s_clockFunction;

        /// <summary>Has clocks read without a system call.</summary>
        /// <param name="vdso"><c>AT_SYSINFO_EHDR</c> of the auxiliary vector; 0 if there is none.</param>
        internal static void SetVdso(nuint vdso) => Atomic.Write(ref s_vdso, vdso);

        private static TimeSpec Time(int clock)
        {
            TimeSpec time = default;
            nuint function = Atomic.Read(ref s_clockFunction);
            function = function != 0 ? function : FindClockFunction();
            if (function == 0 || (int)NativeCall.Invoke((void*)function, clock, (nint)(&time)) != 0)
            {
                _ = SystemCall(CallClockGettime, clock, (nint)(&time), 0, 0, 0, 0);
            }

            return time;
        }

        // At the first reading, so that a process that reads no clock does not pay. Threads that come here at
        // the same time store the same values.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static nuint FindClockFunction()
        {
            byte* image = (byte*)Atomic.Read(ref s_vdso);
            if (image == null)
            {
                return 0;
            }

            nuint function = FindFunction(image, ClockFunctionName);
            Atomic.Write(ref s_clockFunction, function);
            if (function == 0)
            {
                Atomic.Write(ref s_vdso, 0);
            }

            return function;
        }

        /// <summary>Finds a function of the vDSO; returns 0 if there is none of the name.</summary>
        /// <remarks>
        /// All offsets are from the kernel. The symbols have no count of their own: the names follow them in
        /// every vDSO, and one in another order is not used.
        /// </remarks>
        private static nuint FindFunction(byte* image, ReadOnlySpan<byte> name)
        {
            nuint* dynamic = FindDynamic(image, out nuint bias);
            if (dynamic == null)
            {
                return 0;
            }

            nuint symbols = 0, strings = 0, stringsSize = 0;
            for (; *dynamic != DynamicTag.End; dynamic += 2)
            {
                symbols = *dynamic == DynamicTag.Symbols ? bias + dynamic[1] : symbols;
                strings = *dynamic == DynamicTag.Strings ? bias + dynamic[1] : strings;
                stringsSize = *dynamic == DynamicTag.StringsSize ? dynamic[1] : stringsSize;
            }

            nuint length = (nuint)name.Length;
            for (nuint at = symbols; at != 0 && at + SymbolBytes <= strings; at += SymbolBytes)
            {
                nuint start = *(uint*)at;
                if (start < stringsSize && length <= stringsSize - start
                    && name.SequenceEqual(new ReadOnlySpan<byte>((byte*)strings + start, name.Length)))
                {
                    return bias + *(nuint*)(at + SymbolValue);
                }
            }

            return 0;
        }

        private static nuint* FindDynamic(byte* image, out nuint bias)
        {
            nuint* dynamic = null;
            bias = 0;
            if (*(uint*)image != ElfMagic)
            {
                return null;
            }

            ProgramHeader* header = (ProgramHeader*)(image + *(nuint*)(image + ElfSegments));
            for (int left = *(ushort*)(image + ElfSegmentCount); left > 0; left--, header++)
            {
                nuint start = (nuint)image + (nuint)header->FileOffset;
                if (header->Type == ProgramHeader.Dynamic)
                {
                    dynamic = (nuint*)start;
                }
                else if (header->Type == ProgramHeader.Load)
                {
                    bias = start - (nuint)header->Address;
                }
            }

            return dynamic;
        }
    }
}
