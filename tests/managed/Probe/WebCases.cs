using System;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Quarry.Gc.Probe;

/// <summary>A web server under load.</summary>
internal static class WebCases
{
    private const int Clients = 8, Requests = 150;

    internal static void UnderLoad() => RunAsync().GetAwaiter().GetResult();

    private static async Task RunAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication application = builder.Build();
        application.MapGet("/numbers/{count:int}", (int count) => Enumerable.Range(0, count).ToArray());
        application.Urls.Add("http://127.0.0.1:0");
        await application.StartAsync();
        using HttpClient client = new() { BaseAddress = new Uri(application.Urls.First()) };
        long[] sums = await Task.WhenAll(
            Enumerable.Range(0, Clients).Select(number => AskAsync(client, number)));
        Console.WriteLine(string.Join(' ', sums));
        await application.StopAsync();
    }

    private static async Task<long> AskAsync(HttpClient client, int number)
    {
        long sum = 0;
        for (int request = 0; request < Requests; request++)
        {
            Uri address = new($"/numbers/{number + request}", UriKind.Relative);
            sum += (await client.GetFromJsonAsync<int[]>(address))!.Sum();
        }

        return sum;
    }
}
