namespace Quarry.TestSupport;

/// <summary>
/// The options by which libquarry-debug.so behaves as the other images: tests are about these, and about its
/// assertions on all paths.
/// </summary>
public static class DebugImage
{
    public const string Variable = "MALLOC_CONF";

    private const string Ordinary = "junk:false,abort:false,abort_conf:false";

    public static bool Is(string? library) =>
        library is not null && library.EndsWith("-debug.so", System.StringComparison.Ordinal);

    /// <summary>The options of a test, after those of the image.</summary>
    public static string Options(string? own) =>
        string.IsNullOrEmpty(own) ? Ordinary : $"{Ordinary},{own}";
}
