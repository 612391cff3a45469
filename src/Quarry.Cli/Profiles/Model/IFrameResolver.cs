using System;
using System.Collections.Generic;

namespace Quarry.Cli.Profiles.Model;

/// <summary>Names code addresses of a process.</summary>
internal interface IFrameResolver
{
    /// <summary>Gets the frames at an address, innermost first: inlined ones before their caller.</summary>
    /// <param name="address">The address to look up: a return address minus 1.</param>
    /// <param name="time">The time at which the address was met; the module there may have changed.</param>
    /// <returns>At least one frame, or none if the resolver has no name.</returns>
    IReadOnlyList<Frame> Resolve(ulong address, TimeSpan time);
}
