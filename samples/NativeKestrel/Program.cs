using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NativeKestrel;
using Quarry.AspNetCore;

// A web server whose buffers are native memory: what it sends and receives never touches the managed heap.
//
//   curl --data-binary @file http://localhost:5000/echo
//   curl http://localhost:5000/stats
bool selfTest = args.Contains("--self-test");
string[] hostArguments = [.. args.Where(argument => argument != "--self-test")];
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(hostArguments);
builder.Services.AddQuarryTransport();
if (selfTest)
{
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Logging.SetMinimumLevel(LogLevel.Warning);
}

await using WebApplication app = builder.Build();
var pools = app.Services.GetRequiredService<NativeMemoryPoolFactory>();
MemoryPool<byte> pipePool = pools.Create();
app.MapPost("/echo", Echo);
app.MapGet("/stats", () => pools.GetStatistics().ToString());

if (selfTest)
{
    await app.StartAsync();
    return await SelfTest.RunAsync(new Uri(app.Urls.Single()), pools, app.StopAsync);
}

await app.RunAsync();
return 0;

// Through a pipe of our own, so that there is one to see; the body could as well be copied directly.
async Task Echo(HttpRequest request, HttpResponse response)
{
    var pipe = new Pipe(new PipeOptions(pipePool));
    Task filling = Fill(request.BodyReader, pipe.Writer);
    await pipe.Reader.CopyToAsync(response.BodyWriter);
    await pipe.Reader.CompleteAsync();
    await filling;
}

static async Task Fill(PipeReader source, PipeWriter target)
{
    Exception? failure = null;
    try
    {
        await source.CopyToAsync(target);
    }
    catch (Exception error)
    {
        // The reader at the other end has it thrown.
        failure = error;
    }

    await target.CompleteAsync(failure);
}
