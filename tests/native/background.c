// The background thread: switched on and off, purging for idle and sleeping threads, gone in a child.
//
// By hand: LD_PRELOAD=libquarry.so QUARRY_CONF=decay_ms:100 ./background CASE
#include "check.h"
#include "jemalloc.h"
#include <dirent.h>
#include <stdbool.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static const size_t kib = 1024, mib = 1024 * 1024;

static int write_switch(bool on)
{
    return mallctl("background_thread", NULL, NULL, &on, sizeof on);
}

static int read_switch(void)
{
    return read_bool("background_thread");
}

static void expect_switch(bool on)
{
    CHECK(write_switch(on) == 0);
    CHECK(read_switch() == (int)on);
}

static size_t line_of_task(int task, const char *file, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/%s", task, file);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return 0;
    ssize_t length = read(descriptor, text, size - 1);
    close(descriptor);
    text[length < 0 ? 0 : length] = 0;
    return strlen(text);
}

// The ID of the background thread; 0 if there is none.
static int background_task(void)
{
    int found = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;)
    {
        char name[32];
        int task = atoi(entry->d_name);
        if (task > 0 && line_of_task(task, "comm", name, sizeof name) && strcmp(name, "quarry_bg_thd\n") == 0)
            found = task;
    }
    closedir(tasks);
    return found;
}

// The thread names itself when it runs.
static int await_task(void)
{
    double end = seconds_now() + 20;
    int task;
    while ((task = background_task()) == 0 && seconds_now() < end)
        sleep_ms(5);
    CHECK(task != 0);
    return task;
}

CASE(switched_on_and_off)
{
    CHECK(!read_switch());
    CHECK(background_task() == 0);
    expect_switch(false);
    bool on = true, old = true;
    size_t size = sizeof old;
    CHECK(mallctl("background_thread", &old, &size, &on, sizeof on) == 0);
    CHECK(!old);
    await_task();
    expect_switch(true);
    // Joined: the kernel removes the task before the C library reports its end, but not always at once.
    expect_switch(false);
    double end = seconds_now() + 20;
    while (background_task() != 0 && seconds_now() < end)
        sleep_ms(5);
    CHECK(background_task() == 0);
    for (int i = 0; i < 50; i++)
    {
        expect_switch(true);
        expect_switch(false);
    }
}

CASE(most_threads_has_a_range)
{
    size_t most = 0;
    CHECK(read_size("max_background_threads") == read_size("opt.max_background_threads"));
    CHECK(mallctl("max_background_threads", NULL, NULL, &most, sizeof most) == EINVAL);
    most = read_size("opt.max_background_threads") + 1;
    CHECK(mallctl("max_background_threads", NULL, NULL, &most, sizeof most) == EINVAL);
    most = 1;
    CHECK(mallctl("max_background_threads", NULL, NULL, &most, sizeof most) == 0);
    CHECK(read_size("max_background_threads") == 1);
}

enum { BLOCKS = 200000, SMALL = 1000 };
static void *blocks[BLOCKS];

static void *fill(void *argument)
{
    for (int i = 0; i < BLOCKS; i++)
    {
        CHECK((blocks[i] = malloc(SMALL)) != NULL);
        memset(blocks[i], 1, SMALL);
    }
    return argument;
}

static void release(void)
{
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
}

// No thread calls the heap while this waits.
static void await_resident_below(size_t limit_kib)
{
    double end = seconds_now() + 30;
    while (status_kib("VmRSS:") > limit_kib && seconds_now() < end)
        sleep_ms(20);
    CHECK_THAT(status_kib("VmRSS:") <= limit_kib, "%zu KiB", status_kib("VmRSS:"));
}

CASE(idle_process_returns_memory)
{
    expect_switch(true);
    size_t before = status_kib("VmRSS:");
    // The second time it sleeps until it is woken.
    for (int i = 0; i < 2; i++)
    {
        fill(NULL);
        CHECK(status_kib("VmRSS:") > before + 150 * kib);
        release();
        await_resident_below(before + 32 * kib);
        sleep_ms(1000);
    }
}

static pthread_barrier_t barrier;

static void *fill_and_sleep(void *argument)
{
    fill(argument);
    pthread_barrier_wait(&barrier);
    for (;;)
        pause();
    return NULL;
}

CASE(memory_freed_for_a_sleeping_thread_returns)
{
    expect_switch(true);
    pthread_t thread;
    size_t before = status_kib("VmRSS:");
    pthread_barrier_init(&barrier, NULL, 2);
    CHECK(pthread_create(&thread, NULL, fill_and_sleep, NULL) == 0);
    pthread_barrier_wait(&barrier);
    release();
    await_resident_below(before + 48 * kib);
}

CASE(statistics_count_its_runs)
{
    CHECK(read_size("stats.background_thread.num_threads") == 0);
    CHECK(read_size("stats.background_thread.num_runs") == 0);
    expect_switch(true);
    double end = seconds_now() + 20;
    while (read_size("stats.background_thread.num_runs") < 3 && seconds_now() < end)
        free(memset(malloc(4 * mib), 1, 4 * mib));
    CHECK(read_size("stats.background_thread.num_threads") == 1);
    CHECK(read_size("stats.background_thread.num_runs") >= 3);
    CHECK(read_size("stats.background_thread.run_interval") >= 1000 * 1000);
    expect_switch(false);
    CHECK(read_size("stats.background_thread.num_threads") == 0);
    CHECK(read_size("stats.background_thread.run_interval") == 0);
}

static void expect_exit_of(pid_t child)
{
    int status;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK_THAT(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", status);
}

CASE(child_of_a_fork_has_none_and_can_start_one)
{
    expect_switch(true);
    pid_t child = fork();
    if (child == 0)
    {
        CHECK(!read_switch());
        CHECK(background_task() == 0);
        CHECK(read_size("stats.background_thread.num_threads") == 0);
        expect_switch(true);
        await_task();
        expect_switch(false);
        _exit(0);
    }
    expect_exit_of(child);
    CHECK(read_switch());
    await_task();
    expect_switch(false);
}

CASE(forks_while_it_purges)
{
    expect_switch(true);
    for (int i = 0; i < 100; i++)
    {
        free(memset(malloc(8 * mib), 1, 8 * mib));
        pid_t child = fork();
        if (child == 0)
        {
            free(memset(malloc(8 * mib), 1, 8 * mib));
            _exit(0);
        }
        expect_exit_of(child);
    }
}

CASE(child_of_vfork_cannot_start_one)
{
    free(malloc(1));
    volatile int error = 0;
    pid_t child = vfork();
    if (child == 0)
    {
        error = write_switch(true);
        _exit(0);
    }
    expect_exit_of(child);
    CHECK(error == EFAULT);
    CHECK(!read_switch());
}

static volatile sig_atomic_t handled_by;

static void note_thread(int signal)
{
    (void)signal;
    handled_by = (int)syscall(SYS_gettid);
}

CASE(signals_are_blocked_in_it)
{
    char text[4096];
    unsigned long long blocked;
    expect_switch(true);
    CHECK(line_of_task(await_task(), "status", text, sizeof text) != 0);
    char *line = strstr(text, "SigBlk:");
    CHECK(line != NULL && sscanf(line, "SigBlk: %llx", &blocked) == 1);
    int signals[] = { SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGCHLD, SIGALRM, SIGPROF, SIGRTMIN, SIGRTMAX };
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        CHECK_THAT(blocked >> (signals[i] - 1) & 1, "signal %d", signals[i]);
    signal(SIGUSR1, note_thread);
    for (int i = 0; i < 1000; i++)
    {
        handled_by = 0;
        kill(getpid(), SIGUSR1);
        CHECK(handled_by == (int)syscall(SYS_gettid));
    }
}

// With the option background_thread:true.
CASE(runs_from_the_start)
{
    bool option = false;
    size_t size = sizeof option;
    CHECK(mallctl("opt.background_thread", &option, &size, NULL, 0) == 0 && option);
    CHECK(read_switch());
    await_task();
    size_t before = status_kib("VmRSS:");
    fill(NULL);
    release();
    await_resident_below(before + 32 * kib);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
