using System;
using System.Buffers;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PerRequestArena;
using Quarry;
using Quarry.AspNetCore;

// A web server that counts the words of what it is sent. The text, the table of words and the answer are in
// the arena of the request, which ends with it.
//
//   dotnet run --project samples/PerRequestArena
//   curl --data-binary @README.md http://localhost:5000/words?top=5
bool selfTest = args.Contains("--self-test");
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Services.AddQuarryRequestArena(new ArenaOptions { LimitBytes = 64.MiB() });
if (selfTest)
{
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Logging.SetMinimumLevel(LogLevel.Warning);
}

await using WebApplication app = builder.Build();
app.MapPost("/words", CountAsync);
if (!selfTest)
{
    await app.RunAsync();
    return;
}

await app.StartAsync();
using HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };
using StringContent text = new("The quarry gives stone, the mason gives shape: the stone gives the wall.");
using HttpResponseMessage answer = await client.PostAsync("/words?top=3", text);
Console.Write(await answer.Content.ReadAsStringAsync());

// The answer arrives before the server ends the request.
ArenaPool pool = app.Services.GetRequiredService<ArenaPool>();
SpinWait.SpinUntil(() => pool.IdleCount == 1, TimeSpan.FromSeconds(10));
Console.WriteLine($"arenas in the pool: {pool.IdleCount}");

static async Task CountAsync(HttpRequest request, HttpResponse response, RequestArena scope, int top)
{
    NativeList<byte, Arena> text = new(scope.Arena);
    using (Stream stream = text.AsStream())
    {
        await request.Body.CopyToAsync(stream, request.HttpContext.RequestAborted);
    }

    NativeUtf8String<Arena> lines = WordCount.MostFrequent(scope.Arena, text.AsSpan(), top);
    response.BodyWriter.Write(lines.AsSpan());
    await response.BodyWriter.FlushAsync(request.HttpContext.RequestAborted);
}
