using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Quarry.Cli.Commands;
using Quarry.Cli.Profiles.Formats;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Pushing;

/// <summary>Writes the requests of Pyroscope's <c>POST /ingest</c> with a pprof profile.</summary>
internal static class PyroscopeRequest
{
    // Pyroscope's own configuration for these types takes what was allocated for sums since the start.
    private const string SampleTypes =
        """
        {
          "alloc_objects": {"units": "objects", "aggregation": "sum", "display-name": "alloc_objects"},
          "alloc_space": {"units": "bytes", "aggregation": "sum", "display-name": "alloc_space"},
          "inuse_objects": {"units": "objects", "aggregation": "average", "display-name": "inuse_objects"},
          "inuse_space": {"units": "bytes", "aggregation": "average", "display-name": "inuse_space"}
        }
        """;

    /// <summary>Creates a request.</summary>
    /// <param name="server">The address of the server, with or without the path of its endpoint.</param>
    /// <param name="name">The name of the application, with labels.</param>
    /// <param name="from">The time of the earlier profile.</param>
    /// <param name="until">The time of the later profile.</param>
    /// <param name="before">The earlier profile.</param>
    /// <param name="after">The later profile, of the same process.</param>
    internal static HttpRequestMessage Create(
        Uri server, string name, DateTimeOffset from, DateTimeOffset until, Profile before, Profile after)
    {
        PprofContents contents = PprofContents.OfMoment(
            ProfileDelta.Activity(before, after), PprofContents.InUse, until - from);
        using MemoryStream body = new();
        PprofFormat.Write(after, contents, body);
        HttpRequestMessage request = new(HttpMethod.Post, Endpoint(server, name, from, until))
        {
            Content = new MultipartFormDataContent
            {
                // The server reads both parts as files, which they are by their file names.
                { new ByteArrayContent(body.ToArray()), "\"profile\"", "\"profile.pb.gz\"" },
                { new StringContent(SampleTypes), "\"sample_type_config\"", "\"sample_types.json\"" },
            },
        };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("quarry", VersionAction.Version));
        if (server.UserInfo.Length > 0)
        {
            byte[] credentials = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(server.UserInfo));
            request.Headers.Authorization =
                new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
        }

        return request;
    }

    /// <summary>Adds labels: "app" or "app{env=prod}" becomes "app{env=prod,host=a,pid=1}".</summary>
    internal static string WithLabels(string name, string host, int process)
    {
        string own = string.Create(CultureInfo.InvariantCulture, $"host={Plain(host)},pid={process}");
        return name.EndsWith('}')
            ? $"{name[..^1].TrimEnd(',')},{own}}}".Replace("{,", "{", StringComparison.Ordinal)
            : $"{name}{{{own}}}";
    }

    /// <summary>A name without the characters that labels consist of.</summary>
    internal static string Plain(string name) =>
        string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '/' ? c : '_'));

    private static Uri Endpoint(Uri server, string name, DateTimeOffset from, DateTimeOffset until)
    {
        const string Path = "/ingest";
        string path = server.AbsolutePath.TrimEnd('/');

        // The unit of times is a second; a profile of no time would be of no use.
        long end = Math.Max(until.ToUnixTimeSeconds(), from.ToUnixTimeSeconds() + 1);
        return new UriBuilder(server)
        {
            UserName = "",
            Password = "",
            Path = path.EndsWith(Path, StringComparison.Ordinal) ? path : path + Path,
            Query = string.Create(CultureInfo.InvariantCulture,
                $"name={Uri.EscapeDataString(name)}&from={from.ToUnixTimeSeconds()}") +
                string.Create(CultureInfo.InvariantCulture,
                $"&until={end}&format=pprof&spyName=quarry"),
        }.Uri;
    }
}
