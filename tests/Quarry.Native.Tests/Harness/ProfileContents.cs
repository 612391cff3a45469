using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace Quarry.Native.Tests.Harness;

/// <summary>The contents of a profile file, read in the simplest way.</summary>
internal sealed class ProfileContents
{
    private const ulong OneBlock = 1 << ProfileHeader.BlockBits;

    public ProfileContents(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        FileSize = bytes.Length;
        Header = MemoryMarshal.Read<ProfileHeader>(bytes);
        int end = checked((int)Header.End);
        for (int at = ProfileHeader.Bytes; at < end;)
        {
            ProfileRecord record = MemoryMarshal.Read<ProfileRecord>(bytes.AsSpan(at));
            if (record.Kind == ProfileRecordKind.None)
                throw new InvalidDataException($"no record at {at}, before the end at {end}");
            ReadOnlySpan<byte> contents = bytes.AsSpan(at + 16, (int)record.Size - 16);
            Read(record.Kind, (ulong)at, contents);
            at += (int)record.Size;
        }
    }

    public ProfileHeader Header { get; }

    public long FileSize { get; }

    public List<ProfileSite> Sites { get; } = [];

    public Dictionary<ulong, (ProfileStackFlags Flags, ulong[] Addresses)> Stacks { get; } = [];

    public List<(string Name, ProfileThread Thread)> Threads { get; } = [];

    public List<(string Path, string BuildId, ProfileModule Module)> Modules { get; } = [];

    public List<ProfilePoint> Points { get; } = [];

    public List<ProfileSizeClass> SizeClasses { get; } = [];

    public string[] Program { get; private set; } = [];

    /// <summary>The sites of allocations, without those of ad hoc events.</summary>
    public IEnumerable<ProfileSite> Allocations =>
        Sites.Where(site => !Stacks[site.StackOffset].Flags.HasFlag(ProfileStackFlags.AdHoc));

    /// <summary>A figure of all sites with a smallest size, by the name that the programs print.</summary>
    public ulong Figure(ulong smallest, string name)
    {
        ProfileSite[] sites = [.. Allocations.Where(site => site.MinSize == smallest && site.Blocks > 0)];
        return name switch
        {
            "blocks" or "at_most" => Sum(sites, site => site.Blocks) / OneBlock,
            "bytes" => Sum(sites, site => site.Bytes),
            "usable" => Sum(sites, site => site.UsableBytes),
            "live" => Sum(sites, site => site.LiveBytes),
            "live_blocks" => Sum(sites, site => site.LiveBlocks) / OneBlock,
            "live_usable" => Sum(sites, site => site.LiveUsableBytes),
            "max" => Sum(sites, site => site.MaxBytes),
            "at_peak" => Sum(sites, AtPeak),
            "temporary" => Sum(sites, site => site.TemporaryBlocks) / OneBlock,
            "lifetime_ms" => Sum(sites, site => site.Lifetimes) / 1_000_000,
            _ => throw new ArgumentException(name, nameof(name)),
        };
    }

    /// <summary>What a site had in use at the peak of the process.</summary>
    public ulong AtPeak(ProfileSite site) =>
        site.PeakEpoch == Header.PeakEpoch ? site.AtPeakBytes : site.LiveBytes;

    public static ulong Sum(IEnumerable<ProfileSite> sites, Func<ProfileSite, ulong> figure) =>
        sites.Aggregate(0UL, (sum, site) => sum + figure(site));

    private static List<T> Entries<T>(ReadOnlySpan<byte> contents) where T : struct =>
        [.. MemoryMarshal.Cast<byte, T>(contents)];

    private unsafe void Read(ProfileRecordKind kind, ulong offset, ReadOnlySpan<byte> contents)
    {
        switch (kind)
        {
            case ProfileRecordKind.Program:
                string text = Encoding.UTF8.GetString(contents);
                Program = text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
                break;
            case ProfileRecordKind.Module:
                ProfileModule module = MemoryMarshal.Read<ProfileModule>(contents);
                ReadOnlySpan<byte> id = contents.Slice(sizeof(ProfileModule), (int)module.BuildIdLength);
                int path = sizeof(ProfileModule) + ((id.Length + 7) & ~7);
                Modules.Add((Encoding.UTF8.GetString(contents.Slice(path, (int)module.PathLength)),
                    Convert.ToHexStringLower(id), module));
                break;
            case ProfileRecordKind.Stack:
                ProfileStack stack = MemoryMarshal.Read<ProfileStack>(contents);
                ReadOnlySpan<byte> addresses = contents[sizeof(ProfileStack)..];
                Stacks[offset] = (stack.Flags,
                    MemoryMarshal.Cast<byte, ulong>(addresses)[..(int)stack.Depth].ToArray());
                break;
            case ProfileRecordKind.Sites:
                Sites.AddRange(Entries<ProfileSite>(contents).Where(site => site.StackOffset != 0));
                break;
            case ProfileRecordKind.Threads:
                foreach (ProfileThread thread in Entries<ProfileThread>(contents).Where(t => t.ThreadId != 0))
                    Threads.Add((Encoding.UTF8.GetString(thread.Name, thread.NameLength), thread));
                break;
            case ProfileRecordKind.Timeline:
                ProfileTimeline timeline = MemoryMarshal.Read<ProfileTimeline>(contents);
                Points.AddRange(Entries<ProfilePoint>(contents[sizeof(ProfileTimeline)..])
                    .Take((int)timeline.Count));
                break;
            case ProfileRecordKind.SizeClasses:
                SizeClasses.AddRange(Entries<ProfileSizeClass>(contents));
                break;
            default:
                throw new InvalidDataException($"kind {kind}");
        }
    }
}
