using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Quarry.Cli.Tests.Profiles;

/// <summary>Writes a valid profile file from a description, as the process would.</summary>
internal sealed class ProfileBuilder
{
    private const int Alignment = 16;

    private readonly List<(ProfileRecordKind Kind, byte[] Contents, ulong Time)> _records = [];
    private readonly List<(ulong[] Stack, ProfileStackFlags Flags, ulong Time, ProfileSite Site)> _sites = [];
    private readonly List<ProfileThread> _threads = [];

    /// <summary>The header; sizes and totals are filled in by <see cref="Build"/>.</summary>
    internal ProfileHeader Header = new()
    {
        Signature = ProfileHeader.ExpectedSignature,
        Version = ProfileHeader.CurrentVersion,
        HeaderSize = ProfileHeader.Bytes,
        ProcessId = 1234,
        ParentId = 1,
        Mode = ProfileMode.Exact,
        State = ProfileState.Ended,
        StartTime = 1_700_000_000_000_000_000,
        StartMonotonic = 5_000_000_000,
        MaxBytes = 256 << 20,
        EndTime = 2_000_000_000,
        UpdatedTime = 1_900_000_000,
        PeakEpoch = 7,
    };

    internal static ulong Fixed(double blocks) => (ulong)(blocks * (1 << ProfileHeader.BlockBits));

    internal ProfileBuilder Program(string path, params string[] arguments) =>
        Record(ProfileRecordKind.Program, Encoding.UTF8.GetBytes(
            string.Concat(arguments.Prepend(path).Select(text => text + "\0"))));

    internal ProfileBuilder Module(
        string path, ulong start, ulong end, ulong bias = 0, string buildId = "", ulong time = 0)
    {
        byte[] id = Convert.FromHexString(buildId), name = Encoding.UTF8.GetBytes(path);
        ProfileModule module = new()
        {
            Start = start,
            End = end,
            LoadBias = bias,
            BuildIdLength = (uint)id.Length,
            PathLength = (uint)name.Length,
        };
        return Record(
            ProfileRecordKind.Module, [.. Bytes(module), .. Padded(id, 8), .. Padded(name, 8)], time);
    }

    /// <summary>Adds a site; its stack is given by return addresses, innermost first.</summary>
    internal ProfileBuilder Site(
        ProfileSite site, ulong[] stack, ProfileStackFlags flags = ProfileStackFlags.None, ulong time = 0)
    {
        _sites.Add((stack, flags, time, site));
        return this;
    }

    /// <summary>Adds a site of an exact profile, of which some blocks are in use.</summary>
    internal ProfileBuilder Site(
        long bytes, double blocks, long live, double liveBlocks, params ulong[] stack) =>
        Site(
            new ProfileSite
            {
                Bytes = (ulong)bytes,
                Blocks = Fixed(blocks),
                UsableBytes = (ulong)bytes,
                LiveBytes = (ulong)live,
                LiveBlocks = Fixed(liveBlocks),
                LiveUsableBytes = (ulong)live,
                MaxBytes = (ulong)bytes,
                MaxBlocks = Fixed(blocks),
                AtPeakBytes = (ulong)bytes,
                AtPeakBlocks = Fixed(blocks),
                PeakEpoch = 7,
                Samples = (ulong)blocks,
                LiveSamples = (ulong)liveBlocks,
                MinSize = blocks > 0 ? (ulong)(bytes / blocks) : 0,
                MaxSize = blocks > 0 ? (ulong)(bytes / blocks) : 0,
                FirstTime = 1_000_000,
                LastTime = 1_000_000_000,
            },
            stack);

    internal unsafe ProfileBuilder Thread(int id, string name, long bytes, double blocks, long freed = 0)
    {
        ProfileThread thread = new()
        {
            ThreadId = id,
            NameLength = name.Length,
            Bytes = (ulong)bytes,
            Blocks = Fixed(blocks),
            FreedBytes = (ulong)freed,
        };
        Encoding.UTF8.GetBytes(name).CopyTo(new Span<byte>(thread.Name, 16));
        _threads.Add(thread);
        return this;
    }

    internal ProfileBuilder Timeline(params ProfilePoint[] points) => Timeline(sequence: 2, points);

    internal ProfileBuilder Timeline(ulong sequence, params ProfilePoint[] points)
    {
        ProfileTimeline timeline = new()
        {
            Sequence = sequence,
            Interval = 1_000_000,
            Count = (ulong)points.Length,
        };
        Array.Resize(ref points, ProfileTimeline.Capacity);
        return Record(ProfileRecordKind.Timeline, [.. Bytes(timeline), .. points.SelectMany(Bytes)]);
    }

    internal ProfileBuilder SizeClasses(params ProfileSizeClass[] classes) =>
        Record(ProfileRecordKind.SizeClasses, [.. classes.SelectMany(Bytes)]);

    internal ProfileBuilder Names(byte[] json) => Record(ProfileRecordKind.Names, json);

    internal ProfileBuilder Managed(byte[] json) => Record(ProfileRecordKind.Managed, json);

    internal ProfileBuilder Record(ProfileRecordKind kind, byte[] contents, ulong time = 0)
    {
        _records.Add((kind, contents, time));
        return this;
    }

    internal byte[] Build()
    {
        using MemoryStream file = new();
        file.Write(new byte[ProfileHeader.Bytes]);
        foreach (ProfileThread[] threads in _threads.Chunk(ProfileThread.PerRecord))
        {
            ProfileThread[] entries = threads;
            Array.Resize(ref entries, ProfileThread.PerRecord);
            Append(file, ProfileRecordKind.Threads, [.. entries.SelectMany(Bytes)], 0);
        }

        foreach ((ProfileRecordKind kind, byte[] contents, ulong time) in _records)
        {
            Append(file, kind, contents, time);
        }

        // The record of sites precedes the stacks of its entries, as in the process.
        foreach ((ulong[] Stack, ProfileStackFlags Flags, ulong Time, ProfileSite Site)[] chunk in
            _sites.Chunk(ProfileSites.PerRecord))
        {
            ProfileSite[] entries = new ProfileSite[ProfileSites.PerRecord];
            long record = Append(file, ProfileRecordKind.Sites, [.. entries.SelectMany(Bytes)], 0);
            for (int i = 0; i < chunk.Length; i++)
            {
                uint depth = (uint)chunk[i].Stack.Length;
                ProfileStack stack = new() { Depth = depth, Flags = chunk[i].Flags };
                entries[i] = chunk[i].Site;
                entries[i].StackOffset = (ulong)Append(file, ProfileRecordKind.Stack,
                    [.. Bytes(stack), .. chunk[i].Stack.SelectMany(Bytes)], chunk[i].Time);
            }

            file.Position = record + Unsafe.SizeOf<ProfileRecord>();
            file.Write(entries.SelectMany(Bytes).ToArray());
            file.Position = file.Length;
        }

        Header.End = (ulong)file.Length;
        SumUp();
        file.Position = 0;
        file.Write(Bytes(Header));
        return file.ToArray();
    }

    internal string Write(string path)
    {
        File.WriteAllBytes(path, Build());
        return path;
    }

    private void SumUp()
    {
        foreach ((_, _, _, ProfileSite site) in _sites)
        {
            bool changed = site.PeakEpoch == Header.PeakEpoch;
            Header.Totals.Bytes += site.Bytes;
            Header.Totals.Blocks += site.Blocks;
            Header.Totals.LiveBytes += site.LiveBytes;
            Header.Totals.LiveBlocks += site.LiveBlocks;
            Header.Totals.PeakBytes += changed ? site.AtPeakBytes : site.LiveBytes;
            Header.Totals.PeakBlocks += changed ? site.AtPeakBlocks : site.LiveBlocks;
            Header.Totals.Samples += site.Samples;
        }

        Header.Totals.PeakTime = Header.EndTime / 2;
    }

    private static long Append(MemoryStream file, ProfileRecordKind kind, byte[] contents, ulong time)
    {
        long offset = file.Length;
        byte[] padded = Padded(contents, Alignment);
        ProfileRecord record = new()
        {
            Kind = kind,
            Size = (uint)(Unsafe.SizeOf<ProfileRecord>() + padded.Length),
            Time = time,
        };
        file.Write(Bytes(record));
        file.Write(padded);
        return offset;
    }

    private static byte[] Bytes<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();

    private static byte[] Padded(byte[] bytes, int alignment)
    {
        Array.Resize(ref bytes, (bytes.Length + alignment - 1) & -alignment);
        return bytes;
    }
}
