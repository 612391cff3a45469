namespace Quarry;

/// <summary>Detects that the process has entered a sandbox, which may end it when it opens a file.</summary>
/// <remarks>
/// A filter of system calls that was there from the start lets files be opened, or the program could not have
/// been loaded. So only a filter that the process installs later counts.
/// </remarks>
internal static class OsSandbox
{
    private static nint s_mode;
    private static bool s_isNoted;

    /// <summary>Gets a value that indicates whether files may still be opened.</summary>
    internal static bool MayOpenFiles => !s_isNoted || Os.Linux.FilterMode() == s_mode;

    /// <summary>Notes the present state, at the first call.</summary>
    internal static void Note()
    {
        if (!s_isNoted)
        {
            s_mode = Os.Linux.FilterMode();
            s_isNoted = true;
        }
    }
}
