// What a profile must contain. A case prints the figures that it knows, one line for each of its call sites,
// which differ in their smallest requested size.
#include "check.h"
#include "profiled.h"
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

CASE(figures_of_sites)
{
    static char output[1 << 16];
    setvbuf(stdout, output, _IOFBF, sizeof output);

    keep(100, 112);
    drop(0, 60);
    size_t usable = malloc_usable_size(s_kept[60]);
    expect(112, "blocks", 100);
    expect(112, "bytes", 100 * 112);
    expect(112, "usable", 100 * usable);
    expect(112, "live", 40 * 112);
    expect(112, "live_usable", 40 * usable);
    expect(112, "live_blocks", 40);
    expect(112, "max", 100 * 112);
    expect(112, "at_peak", 40 * 112);
    expect(112, "temporary", 0);

    // Moved, resized in place, moved by the page tables, and in place again.
    char *block = take(208);
    size_t total = malloc_usable_size(block);
    const size_t sizes[] = { 400, 390, 100000, 120000, 30 << 20, 31 << 20, 300 };
    size_t requested = 208;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    {
        block = realloc(block, opaque(sizes[i]));
        CHECK(block != NULL);
        total += malloc_usable_size(block);
        requested += sizes[i];
    }
    expect(208, "blocks", 8);
    expect(208, "bytes", requested);
    expect(208, "usable", total);
    expect(208, "live", 300);
    expect(208, "live_usable", malloc_usable_size(block));
    expect(208, "live_blocks", 1);
    expect(208, "max", 31 << 20);
    expect(208, "at_peak", 300);

    for (int i = 0; i < 50; i++)
        free(take(1008));
    expect(1008, "blocks", 50);
    expect(1008, "live_blocks", 0);
    expect(1008, "temporary", 50);

    void *slow = take(1520);
    sleep_ms(30);
    free(slow);
    expect(1520, "blocks", 1);
    expect(1520, "lifetime_ms", 30);

    block = calloc(opaque(3), 100);
    expect(300, "bytes", 300);
    expect(300, "live_usable", malloc_usable_size(block));

    // The peak.
    void *large[40];
    for (int i = 0; i < 40; i++)
        large[i] = take((1 << 20) + 4096);
    for (int i = 0; i < 40; i++)
        free(large[i]);
    expect((1 << 20) + 4096, "at_peak", 40 * ((1 << 20) + 4096));
    expect((1 << 20) + 4096, "live", 0);
    expect((1 << 20) + 4096, "blocks", 40);

    keep(10, 2048);
    expect(2048, "at_peak", 0);
    expect(2048, "live_blocks", 10);
}

// Each block is freed by another thread than the one that allocated it.
static void *s_passed[4][1024];
static pthread_barrier_t s_barrier;

static void *exchange(void *argument)
{
    size_t self = (size_t)argument;
    char name[16];
    snprintf(name, sizeof name, "worker-%zu", self);
    pthread_setname_np(pthread_self(), name);
    for (int round = 0; round < 50; round++)
    {
        for (int i = 0; i < 1024; i++)
            s_passed[self][i] = take(1000);
        pthread_barrier_wait(&s_barrier);
        for (int i = 0; i < 1024; i++)
            free(s_passed[(self + 1) % 4][i]);
        pthread_barrier_wait(&s_barrier);
    }
    return NULL;
}

CASE(threads_exchange)
{
    pthread_t threads[4];
    CHECK(pthread_barrier_init(&s_barrier, NULL, 4) == 0);
    for (size_t i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, exchange, (void *)i) == 0);
    for (size_t i = 0; i < 4; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    expect(1000, "blocks", 4 * 50 * 1024);
    expect(1000, "live_blocks", 0);
}

CASE(child_of_fork)
{
    keep(20, 112);
    pid_t child = fork();
    if (child == 0)
    {
        drop(0, 20); // from before the child's recording
        keep(7, 144);
        printf("child %d\n", getpid());
        exit(0);
    }
    wait_for(child);
    keep(3, 160);
    printf("parent %d\n", getpid());
}

CASE(child_of_a_raw_fork)
{
    keep(20, 112);
    pid_t child = syscall(SYS_fork);
    if (child == 0)
    {
        keep(7, 144);
        drop(0, 7);
        _exit(0);
    }
    wait_for(child);
    expect(112, "live_blocks", 20);
    expect(144, "blocks", 0);
}

// The child runs in the memory of its parent, so what it allocates is the parent's.
CASE(child_of_vfork)
{
    keep(20, 112);
    pid_t child = vfork();
    if (child == 0)
    {
        s_kept[100] = malloc(opaque(176));
        _exit(0);
    }
    wait_for(child);
    drop(0, 5);
    keep(3, 160);
    expect(112, "live_blocks", 15);
    expect(160, "live_blocks", 3);
    expect(176, "live_blocks", 1);
}

// Not allowed, but seen: the exit handlers run in the memory of the parent, and then not again.
CASE(vfork_child_runs_exit_handlers)
{
    keep(20, 112);
    pid_t child = vfork();
    if (child == 0)
        exit(0);
    wait_for(child);
    keep(3, 160);
}

CASE(program_is_replaced)
{
    keep(20, 112);
    execl(check_argv[0], check_argv[0], "replacement", NULL);
    _exit(1);
}

CASE(replacement)
{
    keep(5, 144);
}

CASE(killed)
{
    keep(20, 112);
    raise(SIGKILL);
}

CASE(ends_at_once)
{
    keep(20, 112);
    _exit(0);
}

static void many_sites(int depth)
{
    if (depth == 0)
    {
        free(take(112));
        return;
    }
    many_sites(depth - 1);
    __asm__ volatile("" ::: "memory");
    many_sites(depth - 1);
    __asm__ volatile("" ::: "memory");
}

// 16384 call sites, which take about 6 MiB.
CASE(many_sites)
{
    many_sites(14);
    expect(112, "blocks", 1 << 14);
}

// Runs many_sites with a file on a disk of 1 MiB, and copies the file into a folder.
CASE(disk_is_full)
{
    const char *folder = check_argument(0, ".");
    char command[1000], profile[500];
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0
        || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        SKIP("only root can mount a disk");
    snprintf(profile, sizeof profile, "%s/disk", folder);
    snprintf(command, sizeof command, "mkdir '%s'", profile);
    CHECK(system(command) == 0 && mount("none", profile, "tmpfs", 0, "size=1m") == 0);
    pid_t child = fork();
    if (child == 0)
    {
        setenv("LD_PRELOAD", getenv("CHECK_LIBRARY"), 1);
        strcat(profile, "/p");
        setenv("QUARRY_PROFILE", profile, 1);
        execl(check_argv[0], check_argv[0], "many_sites", NULL);
        _exit(1);
    }
    wait_for(child);
    snprintf(command, sizeof command, "cp '%s'/* '%s'", profile, folder);
    CHECK(system(command) == 0);
}

// With SIGXFSZ at its default action.
CASE(files_are_limited)
{
    struct rlimit limit = { strtoul(check_argument(0, "0"), NULL, 10), RLIM_INFINITY };
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    setenv("QUARRY_PROFILE", check_argument(1, ""), 1);
    execl(check_argv[0], check_argv[0], "many_sites", NULL);
    _exit(1);
}

static volatile sig_atomic_t s_handled;

static void on_signal(int number)
{
    (void)number;
    free(take(144));
    s_handled++;
}

// A handler that allocates, while the thread records.
CASE(handler_allocates)
{
    struct sigaction action = { .sa_handler = on_signal };
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    struct itimerval timer = { { 0, 200 }, { 0, 200 } };
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    size_t count = 0;
    for (double end = seconds_now() + 2; seconds_now() < end;)
    {
        for (int i = 0; i < 100; i++, count++)
            free(take(112));
    }
    struct itimerval none = { { 0, 0 }, { 0, 0 } };
    CHECK(setitimer(ITIMER_REAL, &none, NULL) == 0);
    expect(112, "blocks", count);
    expect(112, "live_blocks", 0);
    expect(144, "at_most", s_handled);
}

CASE(module_is_unloaded)
{
    void *plugin = dlopen(check_argument(0, ""), RTLD_NOW);
    CHECK_THAT(plugin != NULL, "%s", dlerror());
    void *(*allocate)(size_t) = (void *(*)(size_t))dlsym(plugin, "plugin_allocate");
    CHECK(allocate != NULL && allocate(112) != NULL);
    CHECK(dlclose(plugin) == 0);
    expect(112, "live_blocks", 1);
}

static void on_end(int number)
{
    (void)number;
    syscall(SYS_exit, 0);
}

static void *allocate_forever(void *argument)
{
    *(pid_t *)argument = syscall(SYS_gettid);
    while (s_handled >= 0)
        free(take(144));
    return NULL;
}

// Threads that are stopped anywhere, perhaps while they hold the lock of the recording.
CASE(threads_are_killed)
{
    struct sigaction action = { .sa_handler = on_end };
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    uint64_t state = 1;
    for (int i = 0; i < 300; i++)
    {
        pthread_t thread;
        static volatile pid_t id;
        id = 0;
        CHECK(pthread_create(&thread, NULL, allocate_forever, (void *)&id) == 0);
        while (id == 0)
            sched_yield();
        for (unsigned spins = random_next(&state) % 20000; spins > 0; spins--)
            __asm__ volatile("pause");
        CHECK(syscall(SYS_tgkill, getpid(), id, SIGUSR1) == 0);
        while (syscall(SYS_tgkill, getpid(), id, 0) == 0)
            free(take(160));
    }
    keep(20, 112);
    expect(112, "live_blocks", 20);
}

// Until a file exists; the controller writes commands meanwhile.
CASE(waits_for_a_file)
{
    while (access(check_argument(0, ""), F_OK) != 0)
    {
        for (int i = 0; i < 2000; i++)
            free(take(112));
        keep(64, 4096);
        drop(0, 64);
    }
}

CASE(events_are_reported)
{
    void (*event)(size_t) = (void (*)(size_t))dlsym(RTLD_DEFAULT, "quarry_event");
    CHECK(event != NULL);
    for (size_t i = 1; i <= 10; i++)
        event(100 * i);
    keep(1, 112);
}

// A program that allocates in one thread, without freeing what the C library keeps.
CASE(random_work)
{
    uint64_t state = 7;
    static void *blocks[512];
    for (int i = 0; i < 20000; i++)
    {
        size_t slot = random_next(&state) % 512;
        size_t size = random_next(&state) % (random_next(&state) % 20 != 0 ? 900 : 200000);
        unsigned kind = random_next(&state) % 5;
        if (kind != 0)
            free(blocks[slot]);
        blocks[slot] = kind == 0 ? realloc(blocks[slot], size + 1)
            : kind == 1 ? malloc(size)
            : kind == 2 ? calloc(size, 3)
            : kind == 3 ? aligned_alloc(32 << random_next(&state) % 8, size)
            : NULL;
    }
}

CASE(nothing_is_mapped)
{
    free(take(112));
    char line[1000];
    FILE *maps = fopen("/proc/self/maps", "r");
    CHECK(maps != NULL);
    while (fgets(line, sizeof line, maps) != NULL)
        CHECK_THAT(strstr(line, "qprof") == NULL && strstr(line, " rw-s ") == NULL, "%s", line);
    fclose(maps);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
