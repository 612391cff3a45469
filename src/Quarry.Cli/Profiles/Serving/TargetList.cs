using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Quarry.Cli.Http;
using Quarry.Cli.Profiles.Live;

namespace Quarry.Cli.Profiles.Serving;

/// <summary>The processes in the form of Prometheus's HTTP service discovery.</summary>
internal static class TargetList
{
    /// <summary>Creates the list.</summary>
    /// <param name="running">The processes.</param>
    /// <param name="host">The address by which the client has reached this server.</param>
    internal static HttpResponse Create(IReadOnlyList<ProfileTaker> running, string host)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartArray();
            foreach (ProfileTaker taker in running)
            {
                string id = taker.Process.Id.ToString(CultureInfo.InvariantCulture);
                json.WriteStartObject();
                json.WriteStartArray("targets");
                json.WriteStringValue(host);
                json.WriteEndArray();
                json.WriteStartObject("labels");

                // Scrapers add it to the address of a profile as ?pid=ID.
                json.WriteString("__param_pid", id);
                json.WriteString("service_name", taker.Name);
                json.WriteString("pid", id);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return new HttpResponse(HttpResponse.Ok, "application/json", body.ToArray());
    }
}
