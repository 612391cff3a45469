namespace Quarry.Cli.Profiles.Names;

/// <summary>The IL offsets of the machine code of a method, entry by entry.</summary>
/// <param name="NativeOffsets">The offsets of the code, relative to its start.</param>
/// <param name="InstructionOffsets">The IL offsets; negative for code without one, such as a prolog.</param>
internal sealed record InstructionMap(int[] NativeOffsets, int[] InstructionOffsets)
{
    /// <summary>Finds the IL offset of code; null if it has none.</summary>
    internal int? Find(uint nativeOffset)
    {
        // The entries need not be sorted.
        int nearest = -1;
        int? found = null;
        for (int i = 0; i < NativeOffsets.Length; i++)
        {
            if (NativeOffsets[i] <= nativeOffset && NativeOffsets[i] >= nearest)
            {
                nearest = NativeOffsets[i];
                found = InstructionOffsets[i] >= 0 ? InstructionOffsets[i] : null;
            }
        }

        return found;
    }
}
