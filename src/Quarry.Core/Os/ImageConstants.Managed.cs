namespace Quarry;

/// <summary>
/// The constants that are properties of the build in images; all others are those of the system at run time.
/// </summary>
internal static class ImageConstants
{
    internal const int Log2HugePage = 21;
}
