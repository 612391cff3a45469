// A web shop whose native memory grows, as docs/profiling.md shows. It requests its own pages, so it needs no
// other program, and prints a line each second.
//
//     dotnet run --project samples/LeakyService               # until Ctrl-C
//     dotnet run --project samples/LeakyService 10000         # until 10,000 requests are answered

using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LeakyService;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

int requests = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : int.MaxValue;
var catalog = new Catalog();
using var cache = new PageCache();
var pages = new ProductPages(catalog, cache);

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
await using WebApplication app = builder.Build();
app.MapGet("/products/{id:int}", pages.ShowAsync);
await app.StartAsync();

using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    end.Cancel();
};

using var load = new Load(new Uri(app.Urls.Single()), catalog);
Task figures = PrintFiguresAsync();
await load.RunAsync(requests, end.Token);
await end.CancelAsync();
await figures;
await app.StopAsync();
Console.WriteLine($"{load.Requests} requests answered");

async Task PrintFiguresAsync()
{
    using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
    try
    {
        while (await second.WaitForNextTickAsync(end.Token))
        {
            long managed = GC.GetTotalMemory(forceFullCollection: false);
            Console.WriteLine(
                $"{load.Requests,7:N0} requests   {cache.Count} pages in {Mebibytes(cache.Bytes)}"
                + $"   managed heap {Mebibytes(managed)}   resident {Mebibytes(Environment.WorkingSet)}");
        }
    }
    catch (OperationCanceledException)
    {
        // The load has ended.
    }
}

static string Mebibytes(long bytes) =>
    (bytes / 1048576.0).ToString("F1", CultureInfo.InvariantCulture).PadLeft(5) + " MiB";
