using System.Threading;

namespace Quarry.Windows.Tests;

/// <summary>The system does what the heap relies on.</summary>
internal static unsafe class OsChecks
{
    internal static Check[] All =>
    [
        new("a live thread has not ended, and an ended one has", ThreadEnds),
        new("threads have different IDs", ThreadNumbers),
        new("the clock goes forward", Clock),
        new("pages are backed once they are touched", Resident),
        new("decommitted pages read as zeros when committed again", Decommitted),
    ];

    private static void ThreadEnds()
    {
        int id = 0;
        bool endedWhileAlive = true;
        Thread thread = new(() =>
        {
            id = Os.ThreadId();
            endedWhileAlive = Os.ThreadHasEnded(Os.ProcessId(), id);
        });
        thread.Start();
        thread.Join();
        Check.That(!endedWhileAlive, "a living thread has not ended");

        // The system may take a moment, and another thread may have the ID by then.
        bool ended = false;
        for (int turn = 0; !ended && turn < 1000; turn++)
        {
            ended = Os.ThreadHasEnded(Os.ProcessId(), id);
            Thread.Sleep(ended ? 0 : 1);
        }

        Check.That(ended, "an ended thread has ended");
        Check.That(!Os.ThreadHasEnded(Os.ProcessId(), Os.ThreadId()), "this thread has not");
    }

    private static void ThreadNumbers()
    {
        int other = 0;
        Thread thread = new(() => other = Os.ThreadId());
        thread.Start();
        thread.Join();
        Check.That(other != 0 && other != Os.ThreadId(), "another thread has another ID");
        Check.That(Os.ThreadId() == Os.ThreadId(), "a thread keeps its ID");
    }

    private static void Clock()
    {
        nuint before = Os.Milliseconds();
        Thread.Sleep(50);
        nuint after = Os.Milliseconds();
        Check.That(after > before && after - before < 60_000, $"{before} is before {after}");
    }

    private static void Resident()
    {
        nuint size = 4 << 20;
        byte* start = (byte*)Os.Map(size);
        Check.That(Os.Resident(start, size) == 0, "fresh pages are not backed");
        for (nuint at = 0; at < size / 2; at += Os.PageSize)
        {
            start[at] = 1;
        }

        nuint resident = Os.Resident(start, size);
        Check.That(resident == size / 2, $"the half that was touched is, but {resident} bytes are");
        Os.Unmap(start, size);
    }

    private static void Decommitted()
    {
        PageSource pages = PageSource.System();
        nuint size = 1 << 20;
        byte* start = (byte*)pages.Reserve(pages.State, size, Os.PageSize);
        Check.That(pages.Commit(pages.State, start, size), "the range can be committed");
        *start = 1;
        Os.Decommit(start, size);
        Check.That(Os.Resident(start, size) == 0, "decommitted pages are not backed");
        Check.That(pages.Commit(pages.State, start, size) && *start == 0, "they come back as zeros");
        pages.Release(pages.State, start, size);
    }
}
