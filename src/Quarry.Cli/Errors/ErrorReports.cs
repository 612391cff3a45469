using System;
using System.Collections.Generic;
using System.Linq;
using Quarry.Cli.Profiles.Names;
using Quarry.Cli.Profiles.Recording;
using Quarry.Tools.Running;

namespace Quarry.Cli.Errors;

/// <summary>Collects the errors that the processes of a run report, and names the functions.</summary>
internal sealed class ErrorReports : IDisposable
{
    private readonly ErrorFolder _folder = new();
    private readonly MethodServer _server;
    private readonly RundownFolder? _rundowns;

    /// <summary>Makes the processes with an environment report errors to this object.</summary>
    internal ErrorReports(EnvironmentBlock environment)
    {
        _folder.Announce(environment);
        _server = new MethodServer(_folder.MethodSocket);

        // All blocks are inspected when the runtime has ended, and does not answer any more.
        if (environment.Get("QUARRY_CONF")?.Contains("mode:checked", StringComparison.Ordinal) == true)
        {
            _rundowns = new RundownFolder();
            _rundowns.AnnounceMethods(environment);
        }
    }

    /// <summary>Reads the errors when the program has ended.</summary>
    internal IReadOnlyList<MemoryError<NamedFrame>> Read()
    {
        _server.Dispose();
        return
        [
            .. _folder.Read().GroupBy(error => error.Process).SelectMany(errors =>
            {
                ErrorNames names = new(errors, ManagedCode.Of(MethodsOf(errors.Key), root: ""));
                return errors.Select(names.Name);
            }),
        ];
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
        _rundowns?.Dispose();
    }

    private IEnumerable<ManagedMethod> MethodsOf(int process) =>
        [.. _server.MethodsOf(process), .. _rundowns?.Read(process).Methods() ?? []];
}
