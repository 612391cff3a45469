using System;

namespace Quarry.ImageLayout;

/// <summary>Represents an error in a list or a header, with its location.</summary>
internal sealed class LayoutException : Exception
{
    private LayoutException(string message)
        : base(message)
    {
    }

    internal static LayoutException Entry(string file, int line, string text) =>
        new($"{file}({line}): error QRY016: {text}");

    internal static LayoutException Header(string file, int line, string text) =>
        new($"{file}({line}): error QRY017: {text}");
}
