namespace Quarry;

/// <summary>Enumerates the sites of a profile file. Sites may be added meanwhile.</summary>
/// <remarks>
/// Dumps enumerate without the lock: a record is read behind the end, and a stack behind its offset. Pairs
/// with the ends of <c>ProfileFile.EndRecord</c> and <c>SiteTable.TryAdd</c>.
/// </remarks>
internal unsafe struct SiteEnumerator(ProfileHeader* header)
{
    private readonly byte* _end = (byte*)header + Atomic.Read(ref header->End);
    private byte* _record = (byte*)header + ProfileHeader.Bytes;
    private int _index;

    /// <summary>Returns the next site; false behind the last one.</summary>
    internal bool TryNext(out ProfileSite* site)
    {
        for (; _record < _end; _record += ((ProfileRecord*)_record)->Size, _index = 0)
        {
            bool hasSites = ((ProfileRecord*)_record)->Kind == ProfileRecordKind.Sites;
            while (hasSites && _index < ProfileSites.PerRecord)
            {
                site = (ProfileSite*)((ProfileRecord*)_record + 1) + _index++;
                if (Atomic.Read(ref site->StackOffset) != 0)
                {
                    return true;
                }
            }
        }

        site = null;
        return false;
    }
}
