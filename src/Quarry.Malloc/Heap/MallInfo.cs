namespace Quarry.Malloc;

/// <summary>
/// The result of <c>mallinfo</c> and <c>mallinfo2</c>, with the fields in the order of glibc.
/// </summary>
internal struct MallInfo<T> where T : unmanaged
{
    public T Arena;
    public T FreeChunks;
    public T SmallFreeChunks;
    public T MappedChunks;
    public T MappedBytes;
    public T PeakBytes;
    public T SmallFreeBytes;
    public T InUseBytes;
    public T FreeBytes;
    public T TrimmableBytes;
}
