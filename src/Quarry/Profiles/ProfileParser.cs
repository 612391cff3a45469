using System;
using System.Collections.Generic;
using System.Linq;

namespace Quarry.Profiles;

/// <summary>Builds the objects of a profile from its bytes; no offset or length in them is trusted.</summary>
internal sealed class ProfileParser(ProfileSource source)
{
    private readonly Dictionary<ulong, RecordedStack> _stacks = [];
    private readonly List<RecordedSite> _sites = [];
    private readonly List<RecordedModule> _modules = [];
    private readonly List<RecordedThread> _threads = [];
    private IReadOnlyList<RecordedPoint> _timeline = [];
    private IReadOnlyList<RecordedSizeClass> _sizeClasses = [];
    private string[] _program = [];
    private ReadOnlyMemory<byte> _names, _managed;
    private TimeSpan _last;

    internal ProfileFile Parse()
    {
        ProfileHeader header = source.Header;
        if (header.Mode > ProfileMode.Exact)
        {
            throw new ProfileFormatException($"the profile is damaged: unknown mode {(uint)header.Mode}");
        }

        ProfileRecords records = new(source.Bytes, header.HeaderSize);
        while (records.Next())
        {
            Read(records);
        }

        // A second pass: a record of sites precedes most stacks of its entries.
        records = new(source.Bytes, header.HeaderSize);
        while (records.Next())
        {
            if (records.Record.Kind == ProfileRecordKind.Sites)
            {
                ReadSites(records, header);
            }
        }

        return Create(header);
    }

    private ProfileFile Create(ProfileHeader header)
    {
        bool ended = header.State == ProfileState.Ended;
        See(header.UpdatedTime);
        return new ProfileFile
        {
            ProcessId = header.ProcessId,
            ParentId = header.ParentId,
            Program = _program.FirstOrDefault(""),
            Arguments = [.. _program.Skip(1)],
            Mode = (RecordingMode)header.Mode,
            SampleInterval = ProfileNumbers.Bytes(header.SampleInterval),
            LargestSampleInterval = ProfileNumbers.Bytes(header.LargestInterval),
            HasEnded = ended,
            StartTime = DateTimeOffset.UnixEpoch + ProfileNumbers.Time(header.StartTime),
            StartMonotonic = ProfileNumbers.Bytes(header.StartMonotonic),
            Duration = ended && header.EndTime > 0 ? ProfileNumbers.Time(header.EndTime) : _last,
            ModeTime = ProfileNumbers.Time(header.ModeTime),
            MaxFileBytes = ProfileNumbers.Bytes(header.MaxBytes),
            FileBytes = source.Bytes.Length,
            Statistics = ProfileNumbers.Statistics(header),
            Totals = ProfileNumbers.Totals(header.Totals),
            Losses = ProfileNumbers.Losses(header.Losses),
            Modules = _modules,
            Sites = _sites,
            Threads = _threads,
            Timeline = _timeline,
            SizeClasses = _sizeClasses,
            Names = _names,
            Managed = _managed,
        };
    }

    private void Read(ProfileRecords records)
    {
        See(records.Record.Time);
        switch (records.Record.Kind)
        {
            case ProfileRecordKind.Program:
                _program = ProfileStrings.Terminated(records.Contents);
                break;
            case ProfileRecordKind.Module:
                _modules.Add(ReadModule(records));
                break;
            case ProfileRecordKind.Stack:
                _stacks[(ulong)records.Offset] = ReadStack(records);
                break;
            case ProfileRecordKind.Threads:
                ReadThreads(records);
                break;
            case ProfileRecordKind.Timeline:
                _timeline = new TimelineParser(source).Read(records);
                See(_timeline);
                break;
            case ProfileRecordKind.SizeClasses:
                _sizeClasses = [.. ReadSizeClasses(records)];
                break;
            case ProfileRecordKind.Names:
                _names = Json(records);
                break;
            case ProfileRecordKind.Managed:
                _managed = Json(records);
                break;
            default:
                // Sites are read afterwards; records of kinds to come may be skipped.
                break;
        }
    }

    private static RecordedModule ReadModule(ProfileRecords records)
    {
        ProfileModule module = records.Head<ProfileModule>();
        ReadOnlySpan<byte> left = records.Contents[ProfileStrings.ModuleBytes..];
        long pathStart = ProfileStrings.Padded(module.BuildIdLength);
        if (pathStart + module.PathLength > left.Length)
        {
            throw ProfileRecords.Damaged(records.Offset,
                $"a build ID of {module.BuildIdLength} bytes and a path of {module.PathLength}");
        }

        return new RecordedModule
        {
            Path = ProfileStrings.Text(left.Slice((int)pathStart, (int)module.PathLength)),
            BuildId = Convert.ToHexStringLower(left[..(int)module.BuildIdLength]),
            Start = module.Start,
            End = module.End,
            LoadBias = module.LoadBias,
            Time = ProfileNumbers.Time(records.Record.Time),
        };
    }

    private static RecordedStack ReadStack(ProfileRecords records)
    {
        ProfileStack stack = records.Head<ProfileStack>();
        ReadOnlySpan<ulong> addresses = records.Entries<ulong>(ProfileStrings.StackBytes);
        if (stack.Depth > addresses.Length)
        {
            throw ProfileRecords.Damaged(records.Offset,
                $"a stack of {stack.Depth} frames, where {addresses.Length} fit");
        }

        return new RecordedStack
        {
            ReturnAddresses = addresses[..(int)stack.Depth].ToArray(),
            Time = ProfileNumbers.Time(records.Record.Time),
            IsTruncated = stack.Flags.HasFlag(ProfileStackFlags.Truncated),
            IsIncomplete = stack.Flags.HasFlag(ProfileStackFlags.Incomplete),
            IsUnknown = stack.Flags.HasFlag(ProfileStackFlags.Unknown),
            IsAdHoc = stack.Flags.HasFlag(ProfileStackFlags.AdHoc),
        };
    }

    private void ReadSites(ProfileRecords records, in ProfileHeader header)
    {
        foreach (ref readonly ProfileSite site in records.Entries<ProfileSite>())
        {
            if (site.StackOffset == 0)
            {
                continue;
            }

            if (_stacks.TryGetValue(site.StackOffset, out RecordedStack? stack))
            {
                _sites.Add(ProfileNumbers.Site(site, stack, header.PeakEpoch));
                See(site.LastTime);
            }
            else if (header.State == ProfileState.Ended || site.StackOffset < (ulong)source.Bytes.Length)
            {
                throw ProfileRecords.Damaged(records.Offset, $"a site without stack at {site.StackOffset}");
            }
        }
    }

    private void ReadThreads(ProfileRecords records)
    {
        foreach (ref readonly ProfileThread thread in records.Entries<ProfileThread>())
        {
            if (thread.ThreadId != 0)
            {
                _threads.Add(ProfileNumbers.Thread(thread));
            }
        }
    }

    private static List<RecordedSizeClass> ReadSizeClasses(ProfileRecords records)
    {
        List<RecordedSizeClass> classes = [];
        foreach (ref readonly ProfileSizeClass sizeClass in records.Entries<ProfileSizeClass>())
        {
            if (sizeClass.Allocations > 0 || sizeClass.PageBytes > 0)
            {
                classes.Add(ProfileNumbers.SizeClass(sizeClass));
            }
        }

        return classes;
    }

    /// <summary>The contents without the padding.</summary>
    private ReadOnlyMemory<byte> Json(ProfileRecords records) => source.Memory.Slice(
        records.ContentsOffset, records.Contents.LastIndexOfAnyExcept((byte)0) + 1);

    private void See(ulong time)
    {
        TimeSpan seen = ProfileNumbers.Time(time);
        _last = seen > _last ? seen : _last;
    }

    private void See(IReadOnlyList<RecordedPoint> points)
    {
        if (points.Count > 0 && points[^1].Time > _last)
        {
            _last = points[^1].Time;
        }
    }
}
