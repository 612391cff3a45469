// jemalloc's heap profiling: run with MALLOC_CONF by the test, which reads the dumps.
#include "arenas.h"
#include <signal.h>
#include <sys/wait.h>

static int set_flag(const char *name, unsigned char value)
{
    return mallctl(name, NULL, NULL, &value, sizeof value);
}

static int set_text(const char *name, const char *value)
{
    return mallctl(name, NULL, NULL, &value, sizeof value);
}

static int set_size(const char *name, size_t value)
{
    return mallctl(name, NULL, NULL, &value, sizeof value);
}

static int dump(const char *path)
{
    return set_text("prof.dump", path);
}

__attribute__((noinline)) static void *allocate_thousand(void)
{
    void *volatile block = malloc(1000);
    return block;
}

__attribute__((noinline)) static void *allocate_large(void)
{
    void *volatile block = malloc(200000);
    return block;
}

static void *kept[100];

CASE(everything_is_off)
{
    CHECK(read_bool("config.prof") == 1 && read_bool("opt.prof") == 0);
    CHECK(read_bool("prof.active") == 0 && read_bool("prof.thread_active_init") == 0);
    CHECK(read_bool("prof.gdump") == 0 && read_bool("thread.prof.active") == 0);
    CHECK(read_size("prof.interval") == 0 && read_size("prof.lg_sample") == 0);
    CHECK(set_flag("prof.active", 0) == 0 && set_flag("prof.active", 1) == ENOENT);
    CHECK(set_flag("prof.thread_active_init", 1) == ENOENT && set_flag("prof.gdump", 1) == ENOENT);
    CHECK(set_flag("thread.prof.active", 1) == ENOENT && set_flag("thread.prof.active", 0) == ENOENT);
    CHECK(dump("x") == ENOENT && dump(NULL) == ENOENT && set_text("prof.prefix", "x") == ENOENT);
    CHECK(mallctl("prof.dump", NULL, NULL, "", 1) == ENOENT);
    CHECK(mallctl("prof.reset", NULL, NULL, NULL, 0) == ENOENT && set_size("prof.reset", 3) == ENOENT);
    const char *name;
    size_t length = sizeof name;
    CHECK(mallctl("thread.prof.name", &name, &length, NULL, 0) == ENOENT);
    CHECK(set_text("thread.prof.name", "x") == ENOENT);
}

CASE(options_are_printed)
{
    printf("prof=%d active=%d threads=%d accum=%d gdump=%d final=%d leak=%d error=%d namespace=%d\n",
        read_bool("opt.prof"), read_bool("opt.prof_active"), read_bool("opt.prof_thread_active_init"),
        read_bool("opt.prof_accum"), read_bool("opt.prof_gdump"), read_bool("opt.prof_final"),
        read_bool("opt.prof_leak"), read_bool("opt.prof_leak_error"), read_bool("opt.prof_pid_namespace"));
    printf("prefix=%s sample=%zd interval=%zd depth=%u\n", read_text("opt.prof_prefix"),
        (ssize_t)read_size("opt.lg_prof_sample"), (ssize_t)read_size("opt.lg_prof_interval"),
        read_unsigned("opt.prof_bt_max"));
    printf("now: active=%d threads=%d gdump=%d thread=%d interval=%zu sample=%zu\n", read_bool("prof.active"),
        read_bool("prof.thread_active_init"), read_bool("prof.gdump"), read_bool("thread.prof.active"),
        read_size("prof.interval"), read_size("prof.lg_sample"));
}

CASE(controls_answer_as_in_jemalloc)
{
    CHECK(strcmp(read_text("thread.prof.name"), "") == 0);
    CHECK(set_text("thread.prof.name", "worker") == 0);
    CHECK(strcmp(read_text("thread.prof.name"), "worker") == 0);
    CHECK(set_text("thread.prof.name", "a\nb") == EFAULT && set_text("thread.prof.name", NULL) == EFAULT);
    CHECK(set_text("thread.prof.name", "0123456789abcdefgh") == 0);
    CHECK(strcmp(read_text("thread.prof.name"), "0123456789abcdef") == 0);
    const char *name = "x", *old;
    size_t length = sizeof old;
    CHECK(mallctl("thread.prof.name", &old, &length, &name, sizeof name) == EPERM);
    CHECK(dump("/nonexistent/x") == EFAULT && dump("/dev/full") == EFAULT && dump(".") == EFAULT);
    CHECK(dump("named.heap") == 0 && dump(NULL) == 0 && mallctl("prof.dump", NULL, NULL, NULL, 0) == 0);
    CHECK(mallctl("prof.dump", NULL, NULL, "", 1) == EINVAL);
    CHECK(mallctl("prof.dump", &old, &length, NULL, 0) == EPERM);
    CHECK(mallctl("prof.reset", NULL, NULL, NULL, 0) == 0 && read_size("prof.lg_sample") == 0);
    CHECK(set_size("prof.reset", 12) == 0 && read_size("prof.lg_sample") == 12);
    CHECK(set_size("prof.reset", 100) == 0 && read_size("prof.lg_sample") == 63);
    CHECK(mallctl("prof.reset", NULL, NULL, &length, 4) == EINVAL);
    char longest[5000];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    CHECK(set_text("prof.prefix", longest) == EFAULT && set_text("prof.prefix", NULL) == EFAULT);
    CHECK(set_text("prof.prefix", "") == 0 && dump(NULL) == EFAULT);
    CHECK(read_bool("prof.active") == 1 && set_flag("prof.active", 0) == 0 && read_bool("prof.active") == 0);
    size_t mib[8], depth = 8;
    CHECK(mallctlnametomib("prof.dump", mib, &depth) == 0 && depth == 2);
    name = "by_mib.heap";
    CHECK(mallctlbymib(mib, depth, NULL, NULL, &name, sizeof name) == 0);
}

CASE(leaks)
{
    for (int i = 0; i < 100; i++)
    {
        kept[i] = allocate_thousand();
        free(allocate_thousand());
        if (i % 10 == 0)
            allocate_large();
    }
}

struct samples
{
    uint64_t bytes, count;
};

static struct samples samples_of(const char *kind, unsigned index, const char *state)
{
    char name[64];
    struct samples samples;
    size_t length = sizeof samples;
    snprintf(name, sizeof name, "prof.stats.%s.%u.%s", kind, index, state);
    CHECK(mallctl(name, &samples, &length, NULL, 0) == 0 && length == sizeof samples);
    return samples;
}

static unsigned class_of(const char *kind, size_t size)
{
    char name[64];
    unsigned index = 0;
    do
        snprintf(name, sizeof name, "arenas.%s.%u.size", kind, index++);
    while (read_size(name) < size);
    return index - 1;
}

// With all blocks sampled, the figures are those of all blocks.
CASE(samples_are_counted_by_class)
{
    CHECK(read_bool("opt.prof_stats") == 1);
    unsigned bin = class_of("bin", 1000), large = class_of("lextent", 200000);
    struct samples live = samples_of("bins", bin, "live"), all = samples_of("bins", bin, "accum");
    for (int i = 0; i < 50; i++)
        kept[i] = allocate_thousand();
    for (int i = 0; i < 20; i++)
        free(kept[i]);
    kept[0] = allocate_large();
    free(allocate_large());
    struct samples now = samples_of("bins", bin, "live");
    CHECK(now.count == live.count + 30 && now.bytes == live.bytes + 30000);
    now = samples_of("bins", bin, "accum");
    CHECK(now.count == all.count + 50 && now.bytes == all.bytes + 50000);
    now = samples_of("lextents", large, "live");
    CHECK(now.count == 1 && now.bytes == 200000);
    now = samples_of("lextents", large, "accum");
    CHECK(now.count == 2 && now.bytes == 400000);
    size_t length = 8;
    CHECK(mallctl("prof.stats.bins.0.live", &now, &length, NULL, 0) == EINVAL && length == 8);
    CHECK(mallctl("prof.stats.bins.0.live", &now, &length, &now, sizeof now) == EPERM);
    CHECK(mallctl("prof.stats.bins.100000.live", &now, &length, NULL, 0) == ENOENT);
    CHECK(mallctl("prof.stats.lextents.0.accum", NULL, NULL, NULL, 0) == 0);
}

static volatile int switching;

static void *use_the_lock_of_arenas(void *unused)
{
    (void)unused;
    uintptr_t arena = create_arena();
    while (switching)
        CHECK(act(4096, "purge") == 0);
    return (void *)arena;
}

static int is_sampled(unsigned arena, unsigned large)
{
    uint64_t before = samples_of("lextents", large, "accum").count;
    dallocx(mallocx(200000, ARENA(arena)), ARENA(arena));
    return samples_of("lextents", large, "accum").count != before;
}

// Arenas that exist, and one that is created meanwhile.
CASE(every_arena_follows_the_last_switch)
{
    unsigned large = class_of("lextent", 200000), first = create_arena();
    for (int round = 0; round < 50; round++)
    {
        pthread_t thread;
        void *second;
        switching = 1;
        CHECK(pthread_create(&thread, NULL, use_the_lock_of_arenas, NULL) == 0);
        for (int i = 0; i <= 100 + round % 2; i++)
            CHECK(set_flag("prof.active", i % 2) == 0);
        switching = 0;
        CHECK(pthread_join(thread, &second) == 0);
        CHECK_THAT(is_sampled(first, large) == round % 2, "round %d", round);
        CHECK_THAT(is_sampled((uintptr_t)second, large) == round % 2, "round %d", round);
        CHECK(act((uintptr_t)second, "destroy") == 0);
    }
}

CASE(samples_are_not_counted)
{
    size_t length = sizeof(struct samples);
    struct samples samples;
    CHECK(mallctl("prof.stats.bins.0.live", &samples, &length, NULL, 0) == ENOENT);
    CHECK(mallctl("prof.log_start", NULL, NULL, NULL, 0) == ENOENT);
}

static void *work(void *name)
{
    CHECK(set_text("thread.prof.name", name) == 0);
    kept[0] = allocate_thousand();
    CHECK(set_flag("thread.prof.active", 0) == 0 && read_bool("thread.prof.active") == 0);
    kept[1] = allocate_large();
    CHECK(set_flag("thread.prof.active", 1) == 0);
    kept[2] = allocate_thousand();
    return NULL;
}

CASE(threads_have_names)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, "named") == 0 && pthread_join(thread, NULL) == 0);
    CHECK(dump("threads.heap") == 0);
    CHECK(set_flag("prof.thread_active_init", 0) == 0 && read_bool("prof.thread_active_init") == 0);
    CHECK(mallctl("prof.reset", NULL, NULL, NULL, 0) == 0);
    CHECK(dump("reset.heap") == 0);
    free(kept[0]);
    kept[3] = allocate_large();
    CHECK(set_flag("prof.active", 0) == 0);
    allocate_thousand();
    CHECK(dump("after.heap") == 0);
}

CASE(intervals_and_peaks)
{
    for (int i = 0; i < 100; i++)
        kept[i] = allocate_large();
    for (int i = 0; i < 100; i++)
        free(kept[i]);
    for (int i = 0; i < 50; i++)
        kept[i] = allocate_large();
}

CASE(child_dumps_under_its_own_id)
{
    kept[0] = allocate_thousand();
    pid_t child = fork();
    if (child == 0)
    {
        kept[1] = allocate_large();
        CHECK(dump(NULL) == 0);
        free(kept[0]);
        CHECK(dump(NULL) == 0);
        exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(dump(NULL) == 0);
    printf("%d %d\n", (int)getpid(), (int)child);
}

static volatile int failures, signals, done;

static void on_signal(int number)
{
    (void)number;
    // The signal may have interrupted the recorder itself, which then cannot copy its samples.
    int error = dump("handler.heap");
    failures += error != 0 && error != EFAULT;
    signals++;
}

static void *churn(void *unused)
{
    (void)unused;
    while (!done)
        free(allocate_thousand()), free(allocate_large());
    return NULL;
}

CASE(dumps_while_others_allocate_and_in_handlers)
{
    pthread_t threads[2];
    signal(SIGUSR1, on_signal);
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, churn, NULL) == 0);
    for (int i = 0; i < 50; i++)
    {
        CHECK(dump("busy.heap") == 0);
        pthread_kill(threads[i % 2], SIGUSR1);
    }
    done = 1;
    for (int i = 0; i < 2; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(failures == 0 && signals > 0);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
