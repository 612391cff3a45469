using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Quarry.Cli.Profiles.Names;
using Quarry.Profiles;
using Quarry.Tools;

namespace Quarry.Cli.Profiles.Model;

/// <summary>A profile with names: what all formats and the page are written from.</summary>
/// <param name="path">The path of the file.</param>
/// <param name="file">The contents of the file: figures, threads, timeline, size classes, losses.</param>
/// <param name="resolver">Names the addresses.</param>
internal sealed class Profile(string path, ProfileFile file, IFrameResolver resolver)
{
    private static readonly Frame s_noStack = new("[no stack]", "", "", 0, FrameKind.Native, false, 0);

    /// <summary>The path of the profile file.</summary>
    internal string Path { get; } = path;

    /// <summary>The contents of the file: figures, threads, timeline, size classes, losses.</summary>
    internal ProfileFile File { get; } = file;

    /// <summary>The sites of allocations, without order. Each has at least one frame.</summary>
    internal IReadOnlyList<SymbolizedSite> Sites { get; } =
        Symbolize(file.Sites.Where(site => !site.Stack.IsAdHoc), resolver);

    /// <summary>The sites of ad hoc events, which the program reported; sizes are weights.</summary>
    internal IReadOnlyList<SymbolizedSite> AdHocSites { get; } =
        Symbolize(file.Sites.Where(site => site.Stack.IsAdHoc), resolver);

    /// <summary>The managed allocations of the process; null if they were not recorded.</summary>
    internal ManagedAllocations? Managed { get; } =
        file.Managed.IsEmpty ? null : ManagedAllocations.Parse(file.Managed);

    /// <summary>Whether figures are estimates with standard errors.</summary>
    internal bool IsSampled => File.SampleInterval > 1 || File.Mode == RecordingMode.Sampled;

    /// <summary>The name of the program without folders; "process PID" if it is unknown.</summary>
    internal string ProgramName => File.Program.Length > 0
        ? System.IO.Path.GetFileName(File.Program)
        : FormattableString.Invariant($"process {File.ProcessId}");

    /// <summary>The command line, as it would be typed.</summary>
    internal string CommandLine => File.Arguments.Count == 0
        ? ProgramName
        : string.Join(' ', File.Arguments.Select(word => word.Contains(' ') ? $"'{word}'" : word));

    /// <summary>Reads a profile, with the names that it contains or else those of its modules.</summary>
    /// <exception cref="QuarryException">The file is not a valid profile.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static Profile Load(string path)
    {
        try
        {
            ProfileFile file = ProfileFile.Open(path);
            IFrameResolver resolver = file.Names.IsEmpty
                ? ResolvedFrames.Of(file)
                : NamesRecord.Parse(file.Names, new ModuleFrames(file));
            return new Profile(path, file, resolver);
        }
        catch (ProfileFormatException e)
        {
            throw new QuarryException($"{path}: {e.Message}");
        }
    }

    private static SymbolizedSite[] Symbolize(IEnumerable<RecordedSite> sites, IFrameResolver resolver) =>
        [.. sites.Select(site => new SymbolizedSite(site, Frames(site.Stack, resolver)))];

    private static Frame[] Frames(RecordedStack stack, IFrameResolver resolver) =>
        stack.ReturnAddresses.Count == 0 ? [s_noStack]
        : OnStackReplacement.Merge(
            stack.ReturnAddresses.SelectMany(next => resolver.Resolve(next - 1, stack.Time)));
}
