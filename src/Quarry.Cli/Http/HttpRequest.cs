using System;
using System.Collections.Generic;
using System.Linq;

namespace Quarry.Cli.Http;

/// <summary>The head of a request.</summary>
/// <param name="Method">The method, such as GET.</param>
/// <param name="Path">The path, decoded, with the slash at its beginning.</param>
/// <param name="Query">The parameters, decoded; of several with one name, the first.</param>
/// <param name="Host">The value of the header Host; empty without one.</param>
internal sealed record HttpRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, string Host)
{
    /// <summary>Reads the lines up to the empty one; null if they are not the head of a request.</summary>
    internal static HttpRequest? Parse(string head)
    {
        string[] lines = head.Split("\r\n");
        if (lines[0].Split(' ') is not [var method, ['/', ..] target, "HTTP/1.1" or "HTTP/1.0"])
        {
            return null;
        }

        const string HostHeader = "Host:";
        string? host = lines.FirstOrDefault(
            line => line.StartsWith(HostHeader, StringComparison.OrdinalIgnoreCase));
        string[] parts = target.Split('?', 2);
        return new HttpRequest(
            method,
            Uri.UnescapeDataString(parts[0]),
            ParseQuery(parts.Length > 1 ? parts[1] : ""),
            host?[HostHeader.Length..].Trim() ?? "");
    }

    private static Dictionary<string, string> ParseQuery(string query)
    {
        Dictionary<string, string> parameters = [];
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = pair.Replace('+', ' ').Split('=', 2);
            _ = parameters.TryAdd(
                Uri.UnescapeDataString(words[0]), words.Length > 1 ? Uri.UnescapeDataString(words[1]) : "");
        }

        return parameters;
    }
}
