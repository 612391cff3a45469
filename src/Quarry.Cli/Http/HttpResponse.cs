using System.Collections.Generic;
using System.Text;

namespace Quarry.Cli.Http;

/// <summary>An answer to a request.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ContentType">The media type of the body.</param>
/// <param name="Body">The body.</param>
internal sealed record HttpResponse(int Status, string ContentType, byte[] Body)
{
    internal const int Ok = 200, BadRequest = 400, NotFound = 404, MethodNotAllowed = 405,
        HeadTooLarge = 431, InternalError = 500;

    /// <summary>Further headers.</summary>
    internal IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The status line and the headers, with the empty line that ends them.</summary>
    internal string Head
    {
        get
        {
            StringBuilder head = new();
            head.Append($"HTTP/1.1 {Status} {Reason}\r\nContent-Type: {ContentType}\r\n");
            head.Append($"Content-Length: {Body.Length}\r\nConnection: close\r\n");
            head.Append("X-Content-Type-Options: nosniff\r\n");
            foreach ((string name, string value) in Headers)
            {
                head.Append($"{name}: {value}\r\n");
            }

            return head.Append("\r\n").ToString();
        }
    }

    private string Reason => Status switch
    {
        Ok => "OK",
        BadRequest => "Bad Request",
        NotFound => "Not Found",
        MethodNotAllowed => "Method Not Allowed",
        HeadTooLarge => "Request Header Fields Too Large",
        _ => "Internal Server Error",
    };

    internal static HttpResponse Text(int status, string text) =>
        new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text + "\n"));
}
