using System.Runtime.CompilerServices;

namespace Quarry;

/// <summary>Records every block: an observer of the heap.</summary>
/// <remarks>
/// A block allocated before the recorder was installed has no record, and freeing it has no effect. If the
/// event of a free is lost, the record of the block stays until its address is used again.
/// </remarks>
internal unsafe struct ExactRecorder
{
    private HeapObserver _observer;
    private HeapState* _heap;
    private Recording* _recording;
    private BlockRecords _blocks;

    /// <summary>Initializes the recorder in place; the heap keeps pointers to it.</summary>
    internal static void Initialize(ExactRecorder* recorder, HeapState* heap, Recording* recording)
    {
        *recorder = default;
        recorder->_observer = new HeapObserver(&OnAllocated, &OnResized, &OnFreed);
        recorder->_heap = heap;
        recorder->_recording = recording;
    }

    /// <summary>Gets the observer to install.</summary>
    internal static HeapObserver* Observer(ExactRecorder* recorder) => &recorder->_observer;

    /// <summary>
    /// Forgets all blocks, which may have been freed unseen. The caller holds the <see cref="SiteLock"/>.
    /// </summary>
    internal static void Forget(ExactRecorder* recorder) => recorder->_blocks = default;

    [SkipLocalsInit]
    private static void OnAllocated(HeapObserver* observer, void* block, nuint size)
    {
        ExactRecorder* recorder = (ExactRecorder*)observer;
        byte frame;
        CallStack stack;
        ThreadRecord* thread = Recording.Enter(recorder->_recording, &stack, &frame);
        if (thread != null)
        {
            Allocated(recorder, thread, &stack, block, size);
            Recording.Exit(recorder->_recording, &stack);
        }
    }

    private static void OnResized(HeapObserver* observer, void* from, void* to, nuint size)
    {
        ExactRecorder* recorder = (ExactRecorder*)observer;
        byte frame;
        ThreadRecord* thread = Recording.Enter(recorder->_recording, &frame);
        if (thread != null)
        {
            Resized(recorder, thread, from, to, size);
            Recording.Exit(recorder->_recording);
        }
    }

    private static void OnFreed(HeapObserver* observer, void* block, nuint size)
    {
        ExactRecorder* recorder = (ExactRecorder*)observer;
        byte frame;
        ThreadRecord* thread = Recording.Enter(recorder->_recording, &frame);
        if (thread != null)
        {
            Freed(recorder, thread, block);
            Recording.Exit(recorder->_recording);
        }
    }

    private static void Allocated(
        ExactRecorder* recorder, ThreadRecord* thread, CallStack* stack, void* block, nuint size)
    {
        Recording* recording = recorder->_recording;
        ulong time = recording->Clock.Now();
        if (thread->Stack == null)
        {
            thread->Stack = (LastStack*)recording->Memory.Allocate(LastStack.Bytes);
        }

        BlockRecordArray* array = Array(recorder, block, time, out uint index);
        if (array == null)
        {
            recording->File.Header->Losses.NoRoom++;
            return;
        }

        BlockRecord* record = BlockRecordArray.Records(array) + index;
        if (record->Site != 0)
        {
            Subtract(recorder, array, record, null, time);
        }

        ProfileSite* site = Recording.Site(recording, stack, time);
        *record = new BlockRecord
        {
            Site = SiteNumber.Of((byte*)recording->File.Header, site),
            Slack = Slack(array->BlockSize, size),
            Time = time,
        };
        SiteFigures.Allocated(
            recording->File.Header, site, thread->Entry, AmountOf(array, record), time);
        thread->LastBlock = block;
    }

    private static void Resized(
        ExactRecorder* recorder, ThreadRecord* thread, void* from, void* to, nuint size)
    {
        Recording* recording = recorder->_recording;
        BlockRecordArray* old = recorder->_blocks.Find(recorder->_heap, from, out uint oldIndex);
        BlockRecord* oldRecord = old == null ? null : BlockRecordArray.Records(old) + oldIndex;
        if (oldRecord == null || oldRecord->Site == 0)
        {
            return;
        }

        BlockRecord moved = *oldRecord;
        SiteAmount before = AmountOf(old, &moved);
        *oldRecord = default;

        // The record of a large block that grew in place is found under the new size only now.
        ulong time = recording->Clock.Now();
        BlockRecordArray* array = Array(recorder, to, time, out uint index);
        ProfileSite* site = SiteNumber.ToSite((byte*)recording->File.Header, moved.Site);
        if (array == null)
        {
            recording->File.Header->Losses.NoRoom++;
            SiteFigures.Freed(recording->File.Header, site, thread->Entry, before, moved.Time, time);
            return;
        }

        BlockRecord* record = BlockRecordArray.Records(array) + index;
        if (record->Site != 0)
        {
            Subtract(recorder, array, record, null, time);
        }

        moved.Slack = Slack(array->BlockSize, size);
        *record = moved;
        SiteFigures.Resized(
            recording->File.Header, site, thread->Entry, before, AmountOf(array, record), moved.Time, time);
        thread->LastBlock = to;
    }

    private static void Freed(ExactRecorder* recorder, ThreadRecord* thread, void* block)
    {
        BlockRecordArray* array = recorder->_blocks.Find(recorder->_heap, block, out uint index);
        BlockRecord* record = array == null ? null : BlockRecordArray.Records(array) + index;
        if (record == null || record->Site == 0)
        {
            return;
        }

        Recording* recording = recorder->_recording;
        if (thread->LastBlock == block)
        {
            ProfileSite* site = SiteNumber.ToSite((byte*)recording->File.Header, record->Site);
            site->TemporaryBlocks += SiteAmount.OneBlock;
            thread->LastBlock = null;
        }

        Subtract(recorder, array, record, thread->Entry, recording->Clock.Now());
    }

    /// <summary>Returns the array for a block; null if there is no memory.</summary>
    private static BlockRecordArray* Array(
        ExactRecorder* recorder, void* block, ulong time, out uint index)
    {
        BlockRecordArray* array = recorder->_blocks.Get(
            recorder->_heap, &recorder->_recording->Memory, block, out index,
            out BlockRecordArray* former);
        if (former != null)
        {
            BlockRecord* records = BlockRecordArray.Records(former);
            for (uint other = 0; other < former->Capacity; other++)
            {
                if (records[other].Site != 0)
                {
                    Subtract(recorder, former, &records[other], null, time);
                }
            }

            recorder->_blocks.Free(former);
        }

        return array;
    }

    private static void Subtract(
        ExactRecorder* recorder, BlockRecordArray* array, BlockRecord* record, ProfileThread* thread,
        ulong time)
    {
        ProfileHeader* header = recorder->_recording->File.Header;
        ProfileSite* site = SiteNumber.ToSite((byte*)header, record->Site);
        SiteFigures.Freed(header, site, thread, AmountOf(array, record), record->Time, time);
        *record = default;
    }

    private static SiteAmount AmountOf(BlockRecordArray* array, BlockRecord* record) =>
        SiteAmount.OfBlock(array->BlockSize - record->Slack, array->BlockSize);

    private static uint Slack(nuint usable, nuint size)
    {
        size += size == 0 ? 1u : 0;
        nuint slack = usable > size ? usable - size : 0;
        return slack < uint.MaxValue ? (uint)slack : uint.MaxValue;
    }
}
