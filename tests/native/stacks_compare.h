// What the programs that walk stacks share: a walk compared with that of libgcc's unwinder, and frames of
// many kinds. Each case takes the way in which the walker finds modules: `library` (the C library's
// _dl_find_object), `query` (the kernel's PROCMAP_QUERY) or `maps` (/proc/self/maps).
#ifndef STACKS_COMPARE_H
#define STACKS_COMPARE_H

#include "check.h"
#include "stacks.h"
#include <alloca.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <link.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unwind.h>

#define NOINLINE __attribute__((noinline))
enum { FRAMES = 512 };

static void *walker;

struct trace
{
    int count;
    void *addresses[FRAMES];
};

static _Unwind_Reason_Code add(struct _Unwind_Context *context, void *argument)
{
    trace *all = (trace *)argument;
    int before = 0;
    char *address = (char *)_Unwind_GetIPInfo(context, &before);
    if (address == NULL || all->count == FRAMES)
        return _URC_END_OF_STACK;
    all->addresses[all->count++] = address + before;
    return _URC_NO_REASON;
}

// The number of addresses that the two walks have in common, from the second one on: the first is in here.
static CHECK_UNUSED NOINLINE int both(trace *ours, int *end, trace *theirs)
{
    ours->count = stacks_walk(walker, ours->addresses, FRAMES, end);
    theirs->count = 0;
    _Unwind_Backtrace(add, theirs);
    int same = 1;
    while (same < ours->count && same < theirs->count && ours->addresses[same] == theirs->addresses[same])
        same++;
    return same;
}

static CHECK_UNUSED NOINLINE void compare(void)
{
    static __thread trace ours, theirs;
    for (int turn = 0; turn < 2; turn++) // first with new rules, then with known ones
    {
        int end, same = both(&ours, &end, &theirs);
        CHECK_THAT(same == ours.count && same == theirs.count, "%d frames, libgcc %d, %d the same: %p, %p",
            ours.count, theirs.count, same, same < ours.count ? ours.addresses[same] : NULL,
            same < theirs.count ? theirs.addresses[same] : NULL);
        CHECK_THAT(end == STACKS_COMPLETE, "end %d after %d frames at %p", end, ours.count,
            ours.addresses[ours.count - 1]);
        CHECK(ours.count >= 3);
    }
}

// From now on, ioctl fails as on a kernel that does not have the query.
static void forbid_query(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOTTY),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof code / sizeof *code, code };
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        SKIP("no seccomp here");
}

static CHECK_UNUSED void open_walker(void)
{
    const char *way = check_argument(0, "library");
    if (strcmp(way, "maps") == 0)
        forbid_query();
    walker = stacks_open(strcmp(way, "library") != 0);
    CHECK(walker != NULL);
}

// ---- Frames of compilers

static CHECK_UNUSED NOINLINE size_t recurse(size_t depth, void (*leaf)(void))
{
    volatile char space[48] = { 1 };
    if (depth == 0)
        leaf();
    else
        space[1] = (char)recurse(depth - 1, leaf);
    return space[0] + (size_t)space[1];
}

static CHECK_UNUSED NOINLINE size_t with_alloca(size_t bytes, void (*leaf)(void))
{
    volatile char *space = (char *)alloca(bytes);
    space[0] = 1;
    leaf();
    return (size_t)space[0];
}

static CHECK_UNUSED NOINLINE size_t realigned(size_t a, size_t b, size_t c, size_t d, size_t e, size_t f,
    size_t g, void (*leaf)(void))
{
    alignas(64) volatile char space[256];
    volatile char *more = (char *)alloca(opaque(a));
    space[0] = 1;
    more[0] = 1;
    leaf();
    return space[0] + more[0] + a + b + c + d + e + f + g;
}

static CHECK_UNUSED NOINLINE __attribute__((target("avx2"))) size_t with_vectors(void (*leaf)(void))
{
    typedef long vector __attribute__((vector_size(32)));
    volatile vector values[4];
    leaf();
    return (uintptr_t)values % 32;
}

static CHECK_UNUSED NOINLINE __attribute__((optimize("no-omit-frame-pointer")))
size_t with_frame(void (*leaf)(void))
{
    volatile size_t value = 1;
    leaf();
    return value;
}

static CHECK_UNUSED NOINLINE size_t large_frame(void (*leaf)(void))
{
    volatile char space[300000];
    space[0] = 1;
    leaf();
    return (size_t)space[0];
}

static CHECK_UNUSED void mixed(void)
{
    realigned(100, 1, 2, 3, 4, 5, 6, [] {
        with_alloca(opaque(1000), [] {
            with_vectors([] {
                with_frame([] { large_frame([] { realigned(9, 1, 2, 3, 4, 5, 6, compare); }); });
            });
        });
    });
}

#endif
