using System.Threading;

namespace Quarry;

/// <summary>Finds and adds the sites of a profile file.</summary>
/// <remarks>The caller holds the <see cref="SiteLock"/>.</remarks>
internal unsafe struct SiteTable
{
    private SiteIndex _index;
    private ProfileSite* _next;
    private ProfileSite* _end;
    private ProfileSite* _unknown;

    /// <summary>Adds the site of the allocations whose own site finds no room.</summary>
    internal bool TryStart(ProfileFile* file, PrivateMemory* memory, CallStack* stack)
    {
        stack->Depth = 0;
        stack->Flags = ProfileStackFlags.Unknown;
        CallStack.ComputeHash(stack);
        _unknown = TryAdd(file, memory, stack, 0);
        return _unknown != null;
    }

    /// <summary>
    /// Returns the site of a stack; the site of unknown ones if there is no room for another one.
    /// </summary>
    internal ProfileSite* Get(ProfileFile* file, PrivateMemory* memory, CallStack* stack, ulong time)
    {
        ProfileSite* site = _index.Find((byte*)file->Header, stack->Hash);
        site = site != null ? site : TryAdd(file, memory, stack, time);
        if (site == null)
        {
            file->Header->Losses.NoRoom++;
            return _unknown;
        }

        return site;
    }

    /// <summary>Sets the live figures of all sites to zero.</summary>
    internal readonly void Forget(ProfileFile* file)
    {
        SiteEnumerator sites = new(file->Header);
        while (sites.TryNext(out ProfileSite* site))
        {
            SiteFigures.Forget(file->Header, site);
        }

        file->Header->Totals.LiveBytes = 0;
        file->Header->Totals.LiveBlocks = 0;
    }

    /// <summary>Sets all figures of all sites to zero.</summary>
    internal readonly void Clear(ProfileFile* file)
    {
        SiteEnumerator sites = new(file->Header);
        while (sites.TryNext(out ProfileSite* site))
        {
            SiteFigures.Clear(site);
        }

        file->Header->Totals = default;
    }

    private ProfileSite* TryAdd(ProfileFile* file, PrivateMemory* memory, CallStack* stack, ulong time)
    {
        if (_next == _end && !TryAddRecord(file, time))
        {
            return null;
        }

        nuint bytes = (nuint)sizeof(ProfileStack) + ((nuint)stack->Depth * sizeof(ulong));
        ProfileStack* recorded = (ProfileStack*)file->BeginRecord(bytes);
        if (recorded == null)
        {
            return null;
        }

        recorded->Depth = (uint)stack->Depth;
        recorded->Flags = stack->Flags;
        recorded->Hash = stack->Hash;
        CallStack.Complete(stack);
        Memory.Copy(stack->Addresses, recorded + 1, (nuint)stack->Depth * sizeof(ulong));
        ulong offset = file->OffsetOf((ProfileRecord*)recorded - 1);
        file->EndRecord(recorded, ProfileRecordKind.Stack, bytes, time);
        file->Header->Losses.Truncated += (ulong)(stack->Flags & ProfileStackFlags.Truncated);
        file->Header->Losses.Incomplete += (stack->Flags & ProfileStackFlags.Incomplete) != 0 ? 1u : 0;

        ProfileSite* site = _next;
        site->Hash = stack->Hash;
        if (!_index.TryAdd((byte*)file->Header, site, memory))
        {
            return null;
        }

        _next++;

        // Last: the site is valid then, for readers of the file and for SiteEnumerator.
        Volatile.Write(ref site->StackOffset, offset);
        return site;
    }

    private bool TryAddRecord(ProfileFile* file, ulong time)
    {
        nuint bytes = ProfileSites.PerRecord * (nuint)sizeof(ProfileSite);
        ProfileSite* sites = (ProfileSite*)file->BeginRecord(bytes);
        if (sites == null)
        {
            return false;
        }

        file->EndRecord(sites, ProfileRecordKind.Sites, bytes, time);
        _next = sites;
        _end = sites + ProfileSites.PerRecord;
        return true;
    }
}
