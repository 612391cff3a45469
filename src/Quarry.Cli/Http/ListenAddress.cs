using System.Globalization;
using System.Net;

namespace Quarry.Cli.Http;

/// <summary>The address of a server, as users write it.</summary>
internal static class ListenAddress
{
    /// <summary>The port of Go's documentation for profiles over HTTP.</summary>
    internal const int DefaultPort = 6060;

    /// <summary>
    /// Parses "127.0.0.1:6060", "[::1]:6060", "localhost:6060", ":6060" (loopback) or "*:6060" (all
    /// addresses).
    /// </summary>
    /// <returns>The address; null if the text is none.</returns>
    internal static IPEndPoint? Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        string port = text[(colon + 1)..];
        return colon >= 0 && Host(text[..colon]) is { } address &&
            ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number)
            ? new IPEndPoint(address, number)
            : null;
    }

    private static IPAddress? Host(string host) => host switch
    {
        "" or "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ when host.Contains(':') && host is not ['[', .., ']'] => null,
        _ => IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) ? address : null,
    };
}
