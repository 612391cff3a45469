namespace Quarry;

/// <summary>Enumerates the sites of a profile file. Sites may be added meanwhile.</summary>
internal unsafe struct SiteEnumerator(ProfileHeader* header)
{
    private readonly byte* _end = (byte*)header + header->End;
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
                if (site->StackOffset != 0)
                {
                    return true;
                }
            }
        }

        site = null;
        return false;
    }
}
