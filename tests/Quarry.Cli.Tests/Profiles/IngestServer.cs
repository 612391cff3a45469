using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Receives what is pushed to Pyroscope, with the answers that a test chooses.</summary>
internal sealed partial class IngestServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly BlockingCollection<IngestedProfile> _received = [];
    private readonly Queue<(int Status, string Text)> _answers;
    private readonly Task _serving;

    /// <summary>Starts to listen on a free port.</summary>
    /// <param name="answers">The first answers; 200 after them.</param>
    internal IngestServer(params (int Status, string Text)[] answers)
    {
        _answers = new Queue<(int Status, string Text)>(answers);
        (_listener, Address) = Listen();
        _serving = Task.Run(Serve);
    }

    /// <summary>The address, without a slash at its end.</summary>
    internal string Address { get; }

    /// <summary>Waits for the next profile.</summary>
    internal IngestedProfile Next() =>
        _received.TryTake(out IngestedProfile? profile, TimeSpan.FromMinutes(2)) ? profile
        : throw new TimeoutException("no profile has been pushed");

    /// <summary>The profiles that have arrived and not been returned yet.</summary>
    internal IReadOnlyList<IngestedProfile> Rest()
    {
        List<IngestedProfile> rest = [];
        while (_received.TryTake(out IngestedProfile? profile))
        {
            rest.Add(profile);
        }

        return rest;
    }

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait(TimeSpan.FromSeconds(30));
        _received.Dispose();
    }

    // HttpListener cannot choose a port. That of a socket that was just closed is rarely taken meanwhile.
    private static (HttpListener Listener, string Address) Listen()
    {
        while (true)
        {
            using TcpListener probe = new(IPAddress.Loopback, 0);
            probe.Start();
            string address = $"http://{probe.LocalEndpoint}";
            probe.Stop();
            HttpListener listener = new();
            listener.Prefixes.Add(address + "/");
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException)
            {
                listener.Close();
            }
        }
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                Serve(_listener.GetContext());
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException
            or InvalidOperationException)
        {
            // Closed.
        }
    }

    private void Serve(HttpListenerContext context)
    {
        using MemoryStream body = new();
        context.Request.InputStream.CopyTo(body);
        NameValueCollection query = context.Request.QueryString;
        IngestedProfile profile = new(
            $"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath}",
            query.AllKeys.ToDictionary(key => key!, key => query[key]!),
            context.Request.Headers["Authorization"],
            Parts(context.Request.ContentType!, Encoding.Latin1.GetString(body.ToArray())));
        (int status, string text) = _answers.TryDequeue(out (int, string) answer) ? answer : (200, "");
        context.Response.StatusCode = status;
        context.Response.Close(Encoding.UTF8.GetBytes(text), willBlock: true);
        _received.Add(profile);
    }

    /// <summary>The contents of the parts, by name. As in Pyroscope, only files count.</summary>
    private static Dictionary<string, byte[]> Parts(string contentType, string body)
    {
        string boundary = "--" + Boundary().Match(contentType).Groups[1].Value;
        Dictionary<string, byte[]> parts = [];
        foreach (string part in body.Split(boundary)[1..^1])
        {
            string[] headAndContents = part.Split("\r\n\r\n", 2);
            Match name = Disposition().Match(headAndContents[0]);
            if (name.Success)
            {
                parts.Add(name.Groups[1].Value, Encoding.Latin1.GetBytes(headAndContents[1][..^2]));
            }
        }

        return parts;
    }

    [GeneratedRegex("^multipart/form-data; boundary=\"?([^\"]+)\"?$")]
    private static partial Regex Boundary();

    [GeneratedRegex("Content-Disposition: form-data; name=\"(\\w+)\"; filename=\"[^\"]+\"")]
    private static partial Regex Disposition();
}
