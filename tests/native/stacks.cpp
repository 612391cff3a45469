// Walks of stacks by libquarry-stacks.so, compared with those of libgcc's unwinder. Each case takes the way in
// which the walker finds modules: `library` (the C library's _dl_find_object), `query` (the kernel's
// PROCMAP_QUERY) or `maps` (/proc/self/maps).
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
static int early_end = -1, early_count;

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
static NOINLINE int both(trace *ours, int *end, trace *theirs)
{
    ours->count = stacks_walk(walker, ours->addresses, FRAMES, end);
    theirs->count = 0;
    _Unwind_Backtrace(add, theirs);
    int same = 1;
    while (same < ours->count && same < theirs->count && ours->addresses[same] == theirs->addresses[same])
        same++;
    return same;
}

static NOINLINE void compare(void)
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

static void open_walker(void)
{
    const char *way = check_argument(0, "library");
    if (strcmp(way, "maps") == 0)
        forbid_query();
    walker = stacks_open(strcmp(way, "library") != 0);
    CHECK(walker != NULL);
}

// ---- Frames of compilers

static NOINLINE size_t recurse(size_t depth, void (*leaf)(void))
{
    volatile char space[48] = { 1 };
    if (depth == 0)
        leaf();
    else
        space[1] = (char)recurse(depth - 1, leaf);
    return space[0] + (size_t)space[1];
}

static NOINLINE size_t with_alloca(size_t bytes, void (*leaf)(void))
{
    volatile char *space = (char *)alloca(bytes);
    space[0] = 1;
    leaf();
    return (size_t)space[0];
}

static NOINLINE size_t realigned(size_t a, size_t b, size_t c, size_t d, size_t e, size_t f, size_t g,
    void (*leaf)(void))
{
    alignas(64) volatile char space[256];
    volatile char *more = (char *)alloca(opaque(a));
    space[0] = 1;
    more[0] = 1;
    leaf();
    return space[0] + more[0] + a + b + c + d + e + f + g;
}

static NOINLINE __attribute__((target("avx2"))) size_t with_vectors(void (*leaf)(void))
{
    typedef long vector __attribute__((vector_size(32)));
    volatile vector values[4];
    leaf();
    return (uintptr_t)values % 32;
}

static NOINLINE __attribute__((optimize("no-omit-frame-pointer"))) size_t with_frame(void (*leaf)(void))
{
    volatile size_t value = 1;
    leaf();
    return value;
}

static NOINLINE size_t large_frame(void (*leaf)(void))
{
    volatile char space[300000];
    space[0] = 1;
    leaf();
    return (size_t)space[0];
}

static void mixed(void)
{
    realigned(100, 1, 2, 3, 4, 5, 6, [] {
        with_alloca(opaque(1000), [] {
            with_vectors([] { with_frame([] { large_frame([] { realigned(9, 1, 2, 3, 4, 5, 6, compare); }); }); });
        });
    });
}

CASE(recursion)
{
    open_walker();
    recurse(opaque(100), compare);
}

CASE(frames_of_all_kinds)
{
    open_walker();
    mixed();
    recurse(opaque(20), mixed);
}

CASE(sorting)
{
    open_walker();
    int numbers[] = { 3, 1, 2 };
    qsort(numbers, 3, sizeof *numbers, [](const void *a, const void *b) {
        compare();
        return *(const int *)a - *(const int *)b;
    });
}

CASE(longer_than_the_memory)
{
    open_walker();
    recurse(opaque(300), [] {
        void *few[128], *all[FRAMES];
        int end;
        CHECK(stacks_walk(walker, few, 128, &end) == 128 && end == STACKS_TRUNCATED);
        CHECK(stacks_walk(walker, all, FRAMES, &end) > 300 && end == STACKS_COMPLETE);
        CHECK(memcmp(few + 1, all + 1, 127 * sizeof(void *)) == 0);
        CHECK(stacks_walk(walker, few, 0, &end) == 0 && end == STACKS_TRUNCATED);
    });
}

// ---- Exceptions

struct compares_when_destroyed
{
    ~compares_when_destroyed() { compare(); }
};

static NOINLINE void throw_through(size_t depth)
{
    compares_when_destroyed local;
    if (depth == 0)
        throw 1;
    throw_through(depth - 1);
}

CASE(exceptions)
{
    open_walker();
    try
    {
        throw_through(opaque(5));
    }
    catch (int)
    {
        compare();
    }
}

// ---- Signals

static void on_signal(int) { recurse(3, compare); }

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    CHECK(sigaction(number, &action, NULL) == 0);
}

static void use_alternate_stack(void *memory, size_t size)
{
    stack_t stack = {};
    stack.ss_sp = memory;
    stack.ss_size = size;
    CHECK(sigaltstack(&stack, NULL) == 0);
}

CASE(signal_handler)
{
    open_walker();
    handle(SIGUSR1, on_signal, 0);
    handle(SIGUSR2, [](int) { raise(SIGUSR1); }, 0);
    recurse(5, [] { raise(SIGUSR2); });
}

CASE(signal_handler_on_alternate_stack)
{
    open_walker();
    use_alternate_stack(malloc(65536), 65536);
    handle(SIGUSR1, on_signal, SA_ONSTACK);
    handle(SIGUSR2, [](int) { raise(SIGUSR1); }, SA_ONSTACK);
    recurse(5, [] { raise(SIGUSR2); });
}

CASE(alternate_stack_within_the_stack)
{
    char memory[65536];
    open_walker();
    use_alternate_stack(memory, sizeof memory);
    handle(SIGUSR1, on_signal, SA_ONSTACK);
    recurse(50, [] { raise(SIGUSR1); });
}

static int interrupts, complete, different;

// A few instructions of libc's assembly are not described.
static void on_timer(int)
{
    static trace ours, theirs;
    int end, same = both(&ours, &end, &theirs);
    complete += end == STACKS_COMPLETE;
    different += end == STACKS_COMPLETE && (same != ours.count || same != theirs.count);
    interrupts++;
}

CASE(interrupted_anywhere)
{
    open_walker();
    handle(SIGALRM, on_timer, SA_RESTART);
    struct itimerval time = { { 0, 400 }, { 0, 400 } };
    CHECK(setitimer(ITIMER_REAL, &time, NULL) == 0);
    uint64_t random = 1;
    while (__atomic_load_n(&interrupts, __ATOMIC_RELAXED) < 2000)
    {
        char text[64], copy[64];
        snprintf(text, sizeof text, "%f %lu", random / 3.0, (unsigned long)random_next(&random));
        memmove(copy, text, sizeof copy);
        CHECK(strlen(copy) > 0);
        free(malloc(random_size(&random, 12)));
    }
    time = {};
    setitimer(ITIMER_REAL, &time, NULL);
    CHECK_THAT(complete >= interrupts - interrupts / 100, "%d of %d", complete, interrupts);
    CHECK_THAT(different == 0, "%d of %d", different, interrupts);
}

// ---- Threads, coroutines, the ends of a program

CASE(threads)
{
    open_walker();
    pthread_t threads[8];
    for (pthread_t &thread : threads)
    {
        CHECK(pthread_create(&thread, NULL, [](void *) -> void * {
            for (int turn = 0; turn < 1000; turn++)
                recurse(turn % 30, compare);
            return NULL;
        }, NULL) == 0);
    }
    for (pthread_t thread : threads)
        CHECK(pthread_join(thread, NULL) == 0);
}

CASE(destructor_of_a_thread)
{
    static int called;
    open_walker();
    pthread_key_t key;
    CHECK(pthread_key_create(&key, [](void *) { compare(); called = 1; }) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, [](void *value) -> void * {
        pthread_setspecific(*(pthread_key_t *)value, value);
        return NULL;
    }, &key) == 0);
    CHECK(pthread_join(thread, NULL) == 0 && called);
}

static ucontext_t main_context, coroutine;

static void in_coroutine(void)
{
    recurse(10, [] {
        static trace ours, theirs;
        int end, same = both(&ours, &end, &theirs);
        CHECK_THAT(end == STACKS_COMPLETE, "end %d after %d", end, ours.count);
        CHECK(same >= 12 && ours.count - same <= 1);
    });
    swapcontext(&coroutine, &main_context);
}

CASE(coroutine)
{
    open_walker();
    CHECK(getcontext(&coroutine) == 0);
    coroutine.uc_stack.ss_sp = malloc(65536);
    coroutine.uc_stack.ss_size = 65536;
    coroutine.uc_link = &main_context;
    makecontext(&coroutine, in_coroutine, 0);
    CHECK(swapcontext(&main_context, &coroutine) == 0);
    compare();
}

__attribute__((constructor)) static void at_start(void)
{
    static void *addresses[FRAMES];
    void *early = stacks_open(0);
    early_count = stacks_walk(early, addresses, FRAMES, &early_end);
}

CASE(constructor)
{
    CHECK(early_end == STACKS_COMPLETE && early_count >= 3);
}

CASE(exit_handler)
{
    open_walker();
    CHECK(atexit(compare) == 0);
    exit(0);
}

// ---- Modules

static int find_module(struct dl_phdr_info *info, size_t, void *argument)
{
    const struct stacks_module *module = (const struct stacks_module *)argument;
    if (info->dlpi_addr != module->load_bias)
        return 0;
    for (int index = 0; index < info->dlpi_phnum; index++)
    {
        const ElfW(Phdr) &header = info->dlpi_phdr[index];
        uintptr_t start = info->dlpi_addr + header.p_vaddr;
        if (header.p_type == PT_LOAD && (start < module->start || start + header.p_memsz > module->end))
            return 0;
        if (header.p_type == PT_NOTE && header.p_align == 4)
            CHECK(memmem((void *)start, header.p_memsz, module->build_id, module->build_id_length) != NULL);
    }
    return 1;
}

CASE(modules_are_reported_once)
{
    open_walker();
    for (int turn = 0; turn < 3; turn++)
        mixed();
    uintptr_t count = 0;
    const struct stacks_module *module;
    for (; (module = stacks_module(count)) != NULL; count++)
    {
        CHECK(module->build_id_length == 20 || module->build_id_length == 16);
        CHECK_THAT(dl_iterate_phdr(find_module, (void *)module) == 1, "%s", module->path);
        for (uintptr_t other = 0; other < count; other++)
            CHECK(stacks_module(other)->start != module->start);
    }
    CHECK_THAT(count >= 2, "%lu", count);
}

// Two builds of one library, with frames of different sizes, are loaded at one address in turn.
CASE(library_replaced_by_another)
{
    open_walker();
    uintptr_t first = 0;
    int same_address = 0;
    for (int turn = 0; turn < 20; turn++)
    {
        void *library = dlopen(check_argument(1 + turn % 2, ""), RTLD_NOW);
        CHECK_THAT(library != NULL, "%s", dlerror());
        void (*call)(void (*)(void)) = (void (*)(void (*)(void)))dlsym(library, "call");
        CHECK(call != NULL);
        uintptr_t before = 0;
        while (stacks_module(before) != NULL)
            before++;
        call(compare);
        first = turn == 0 ? (uintptr_t)call : first;
        same_address += first == (uintptr_t)call;
        CHECK_THAT(stacks_module(before) != NULL, "turn %d", turn);
        CHECK(dlclose(library) == 0);
    }
    CHECK_THAT(same_address >= 10, "%d", same_address);
}

// ---- What cannot be walked

__asm__(
    ".text\n"
    "without_frame:\n"
    "    push %rbx\n"
    "    push %rbp\n"
    "    mov $0x1234567, %ebp\n"
    "    sub $0x108, %rsp\n"
    "    call *%rdi\n"
    "    add $0x108, %rsp\n"
    "    pop %rbp\n"
    "    pop %rbx\n"
    "    ret\n");
extern "C" void without_frame(void (*leaf)(void));

CASE(code_without_frame)
{
    open_walker();
    without_frame([] {
        void *addresses[FRAMES];
        int end;
        CHECK(stacks_walk(walker, addresses, FRAMES, &end) == 2);
        CHECK(end == STACKS_BROKEN);
    });
}

static jmp_buf back;
static uint64_t seed;
static char *stack_end;

static NOINLINE void damage(void)
{
    uint64_t *words = (uint64_t *)__builtin_frame_address(0);
    size_t count = (uint64_t *)stack_end - words;
    uint64_t known[] = {
        0, 1, (uint64_t)words, (uint64_t)stack_end, (uint64_t)&compare + 9, (uint64_t)&printf + 5,
        (uint64_t)stack_end - 4096, (uint64_t)words + 16, (uint64_t)&words[count / 2], ~0ull, 1ull << 46,
    };
    for (size_t index = 0; index < count; index++)
    {
        uint64_t choice = random_next(&seed);
        words[index] = choice % 3 == 0 ? random_next(&seed) << 11
            : choice % 3 == 1 ? (uint64_t)&words[random_next(&seed) % count]
            : known[random_next(&seed) % (sizeof known / sizeof *known)];
    }
    void *addresses[FRAMES];
    int end, walked = stacks_walk(walker, addresses, FRAMES, &end);
    CHECK(walked >= 1 && walked <= FRAMES);
    longjmp(back, 1);
}

CASE(damaged_stack)
{
    open_walker();
    enum { BYTES = 65536, PAGE = 4096 };
    char *memory = (char *)mmap(NULL, BYTES + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED && mprotect(memory + PAGE, BYTES, PROT_READ | PROT_WRITE) == 0);
    stack_end = memory + PAGE + BYTES;
    for (int turn = 0; turn < 3000; turn++)
    {
        seed = turn + 1;
        if (setjmp(back) == 0)
        {
            CHECK(getcontext(&coroutine) == 0);
            coroutine.uc_stack.ss_sp = memory + PAGE;
            coroutine.uc_stack.ss_size = BYTES;
            coroutine.uc_link = &main_context;
            makecontext(&coroutine, damage, 0);
            setcontext(&coroutine);
        }
    }
}

int main(int argc, char **argv) { return check_run(argc, argv); }
