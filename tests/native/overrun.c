// Overruns of blocks. What the heap keeps for itself, such as the free lists of other threads, must be out of
// their reach. Every gap between the blocks that the program knows is overwritten until an access faults; the
// other threads must then go on allocating. The slices that hold known blocks are left out, because the
// neighbours of a block may always suffer.
//
// By hand: LD_PRELOAD=libquarry.so ./overrun CASE
#include "parcels.h"
#include <setjmp.h>
#include <signal.h>

enum { THREADS = 40, LARGE = 2 * THREADS, KNOWN = THREADS + LARGE };

static const size_t slice = 64 * 1024, reach = 1024 * 1024;

struct range
{
    uintptr_t start, end;
};

static struct range known[KNOWN];
static _Atomic int known_count, started, overrun, checked;

// The slices that hold a block.
static void know(void *block)
{
    uintptr_t start = (uintptr_t)block, end = start + malloc_usable_size(block);
    CHECK(block != NULL);
    known[atomic_fetch_add(&known_count, 1)] = (struct range) {
        .start = start / slice * slice,
        .end = (end + slice - 1) / slice * slice,
    };
}

static void *victim(void *argument)
{
    enum { BLOCKS = 64 };
    struct parcel *parcels[BLOCKS];
    uint64_t state = (uintptr_t)argument + 1;
    know(malloc(48));
    atomic_fetch_add(&started, 1);
    while (!atomic_load(&overrun))
        sleep_ms(1);
    for (int round = 0; round < 20; round++)
    {
        for (int i = 0; i < BLOCKS; i++)
        {
            size_t size = i % 2 == 0 ? 48 : sizeof(struct parcel) + random_size(&state, 13);
            CHECK((parcels[i] = malloc(size)) != NULL);
            parcels[i]->size = size;
            parcels[i]->seed = random_next(&state);
            pattern_fill(parcels[i] + 1, size - sizeof *parcels[i], parcels[i]->seed);
        }
        for (int i = 0; i < BLOCKS; i++)
            parcel_free(parcels[i]);
    }
    atomic_fetch_add(&checked, 1);
    for (;;)
        sleep_ms(1000);
    return NULL;
}

static int ascending(const void *left, const void *right)
{
    const struct range *a = left, *b = right;
    return a->start < b->start ? -1 : a->start > b->start;
}

// Large blocks around the start of each thread, as the heap's own memory lies between them, if anywhere.
static void lay_out(void)
{
    for (uint64_t i = 0; i < THREADS; i++)
    {
        know(malloc(130000));
        start(victim, as_pointer(i));
        while (atomic_load(&started) <= (int)i)
            sched_yield();
        know(malloc(130000));
    }
    qsort(known, KNOWN, sizeof *known, ascending);
}

static sigjmp_buf at_fault;
static volatile uintptr_t position;

static void stop_at_fault(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    // Any other fault is a failure; it kills the process when this handler returns.
    if (position != 0 && (uintptr_t)info->si_addr / 8 == position / 8)
        siglongjmp(at_fault, 1);
    struct sigaction action = { .sa_handler = SIG_DFL };
    sigaction(SIGSEGV, &action, NULL);
}

static size_t words;

static void overwrite(uintptr_t from, uintptr_t to, intptr_t step)
{
    static volatile uintptr_t last, stride;
    position = from;
    last = to;
    stride = (uintptr_t)step;
    if (sigsetjmp(at_fault, 1) == 0)
    {
        for (; position != last; position += stride, words++)
            *(volatile uint64_t *)position = 0x4141414141414141;
    }
    position = 0;
}

// All of these threads are in the same process, so a lost one shows as a hang or as the end of the process.
static void expect_all_work(void)
{
    atomic_store(&overrun, 1);
    double end = seconds_now() + 10;
    while (atomic_load(&checked) < THREADS && seconds_now() < end)
        sleep_ms(1);
    CHECK_THAT(atomic_load(&checked) == THREADS, "%d of %d threads, %zu words overwritten",
        atomic_load(&checked), THREADS, words);
    _exit(0);
}

static void watch_faults(void)
{
    struct sigaction action = { .sa_sigaction = stop_at_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };
    CHECK(sigaction(SIGSEGV, &action, NULL) == 0 && sigaction(SIGBUS, &action, NULL) == 0);
}

CASE(overruns_reach_no_other_thread)
{
    lay_out();
    watch_faults();
    for (int i = 0; i < KNOWN; i++)
    {
        uintptr_t from = known[i].end, to = i + 1 < KNOWN ? known[i + 1].start : from + reach;
        if (from < to)
            overwrite(from, to - from < reach ? to : from + reach, 8);
    }
    expect_all_work();
}

CASE(underruns_reach_no_other_thread)
{
    lay_out();
    watch_faults();
    for (int i = 0; i < KNOWN; i++)
    {
        uintptr_t from = known[i].start, to = i > 0 ? known[i - 1].end : from - reach;
        if (from > to)
            overwrite(from - 8, from - to < reach ? to - 8 : from - reach - 8, -8);
    }
    expect_all_work();
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
