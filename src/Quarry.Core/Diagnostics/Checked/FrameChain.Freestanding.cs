namespace Quarry;

/// <summary>Reads the return addresses of a stack along its chain of frame pointers.</summary>
/// <remarks>
/// Code without frame pointers can leave any value in the register, so no word of the chain is trusted. A
/// frame must be above the previous one, by at most 1 MiB, and aligned; and each page is tested before it is
/// first read. The walk therefore ends, and accesses no guard page or other unreadable memory. It allocates
/// nothing, acquires no lock, and can run in a signal handler.
/// </remarks>
internal static unsafe class FrameChain
{
    private const nuint MaxFrameBytes = 1024 * 1024;

    /// <summary>Copies return addresses, innermost first.</summary>
    /// <param name="frame">
    /// The frame to begin with: the address of the saved frame pointer, which the return address follows. Its
    /// page must be readable.
    /// </param>
    /// <param name="addresses">The memory to copy to.</param>
    /// <param name="limit">The maximum number of addresses.</param>
    /// <returns>The number of addresses.</returns>
    internal static int Walk(nuint* frame, nuint* addresses, int limit)
    {
        int count = 0;
        nuint readable = Layout.AlignUp((nuint)frame + 1, Os.PageSize);
        while (count < limit && IsReadable(frame, ref readable) && frame[1] != 0)
        {
            addresses[count++] = frame[1];
            nuint next = frame[0];
            bool outward = next > (nuint)frame && next - (nuint)frame <= MaxFrameBytes;
            if (!outward || next % (nuint)sizeof(nuint) != 0)
            {
                break;
            }

            frame = (nuint*)next;
        }

        return count;
    }

    /// <summary>Determines whether both words of a frame can be read.</summary>
    /// <param name="frame">The frame; above all previous frames.</param>
    /// <param name="readable">
    /// The end of the last page that was found readable. As frames only ascend, none is in a page before it.
    /// </param>
    private static bool IsReadable(nuint* frame, ref nuint readable)
    {
        nuint last = (nuint)(frame + 1);
        if (last < readable)
        {
            return true;
        }

        readable = Layout.AlignDown(last, Os.PageSize) + Os.PageSize;
        return Os.IsReadable(frame) && Os.IsReadable((void*)last);
    }
}
