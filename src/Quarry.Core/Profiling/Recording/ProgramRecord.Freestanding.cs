namespace Quarry;

/// <summary>Appends the record of the program: its path and its arguments.</summary>
internal static unsafe class ProgramRecord
{
    private const nuint MostBytes = 64 * 1024;
    private const nuint PathBytes = 4096;

    /// <summary>Appends the record if there is memory and room; arguments beyond 60 KiB are cut.</summary>
    internal static void Append(ProfileFile* file)
    {
        byte* text = (byte*)Os.Map(MostBytes);
        if (text == null)
        {
            return;
        }

        // A zero byte stays behind the path and behind the arguments, which have one after each.
        nuint length = Os.ExecutablePath(text, PathBytes - 1) + 1;
        nuint most = MostBytes - PathBytes - 1;
        nuint arguments = OsFile.Read("/proc/self/cmdline\0"u8, text + length, most);
        length += arguments == most ? arguments + 1 : arguments;
        void* contents = file->BeginRecord(length);
        if (contents != null)
        {
            Memory.Copy(text, contents, length);
            file->EndRecord(contents, ProfileRecordKind.Program, length, 0);
        }

        Os.Unmap(text, MostBytes);
    }
}
