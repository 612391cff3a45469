using System;
using System.Net.Http;
using Quarry.Cli.Profiles.Live;
using Quarry.Cli.Profiles.Model;

namespace Quarry.Cli.Profiles.Pushing;

/// <summary>
/// A process and the last profile of it that the server has. A push covers all since then, so that nothing is
/// lost when one fails.
/// </summary>
internal sealed class PushedProcess(ProfileTaker taker, string name)
{
    private Profile _last = taker.Take();
    private Profile _next = null!;
    private DateTimeOffset _from = DateTimeOffset.UtcNow;
    private DateTimeOffset _until;

    internal ProfileTaker Taker => taker;

    internal HttpRequestMessage Next(Uri server)
    {
        _next = taker.Take();
        _until = DateTimeOffset.UtcNow;
        return PyroscopeRequest.Create(server, name, _from, _until, _last, _next);
    }

    internal void Accepted() => (_last, _from) = (_next, _until);
}
