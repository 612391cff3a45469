// The controls and statistics of jemalloc's arenas.
#include "arenas.h"
#include <stdbool.h>

CASE(an_arena_has_a_decay_time)
{
    char name[64];
    snprintf(name, sizeof name, "arena.%u.dirty_decay_ms", create_arena());
    ssize_t never = -1, old = 0;
    size_t length = sizeof old;
    CHECK(mallctl(name, NULL, NULL, &never, sizeof never) == 0);
    CHECK(mallctl(name, &old, &length, NULL, 0) == 0 && old == -1);
}

CASE(names_and_decay_times_are_those_of_the_arena)
{
    unsigned arena = create_arena();
    char text[32], *name = text;
    size_t length = sizeof name;
    CHECK(mallctl("arena.1.name", &name, &length, NULL, 0) == 0 && strcmp(text, "manual_1") == 0);
    CHECK(name == text && mallctl("arena.0.name", &name, &length, NULL, 0) == 0);
    CHECK(strcmp(text, "auto_0") == 0);
    const char *new_name = "a name that is longer than the buffer of the caller";
    CHECK(mallctl("arena.1.name", &name, &length, &new_name, sizeof new_name) == 0);
    CHECK(strcmp(text, "manual_1") == 0 && mallctl("arena.1.name", &name, &length, NULL, 0) == 0);
    CHECK(strlen(text) == 31 && strncmp(text, new_name, 31) == 0);
    new_name = NULL;
    CHECK(mallctl("arena.1.name", NULL, NULL, &new_name, sizeof new_name) == EINVAL);
    length = 4;
    CHECK(mallctl("arena.1.name", &name, &length, NULL, 0) == EINVAL);
    CHECK(mallctl("arena.4096.name", &name, &length, NULL, 0) == EFAULT);

    ssize_t decay = 0, old = 7;
    length = sizeof old;
    CHECK(mallctl("arena.1.dirty_decay_ms", &old, &length, &decay, sizeof decay) == 0 && old == 1000);
    CHECK(mallctl("arena.0.dirty_decay_ms", &old, &length, NULL, 0) == 0 && old == 1000);
    decay = 5000;
    CHECK(mallctl("arenas.dirty_decay_ms", NULL, NULL, &decay, sizeof decay) == 0);
    CHECK(mallctl("arenas.muzzy_decay_ms", NULL, NULL, &decay, sizeof decay) == 0);
    CHECK(create_arena() == arena + 1);
    CHECK(mallctl("arena.2.dirty_decay_ms", &old, &length, NULL, 0) == 0 && old == 5000);
    CHECK(mallctl("arena.2.muzzy_decay_ms", &old, &length, NULL, 0) == 0 && old == 5000);
    decay = -2;
    CHECK(mallctl("arena.2.dirty_decay_ms", NULL, NULL, &decay, sizeof decay) == EFAULT);
    CHECK(mallctl("arena.2.muzzy_decay_ms", NULL, NULL, &decay, sizeof decay) == EFAULT);
    CHECK(act(1, "destroy") == 0);
    CHECK(mallctl("arena.1.dirty_decay_ms", &old, &length, NULL, 0) == EFAULT);
    CHECK(mallctl("arena.1.name", &name, &length, NULL, 0) == EFAULT);
    size_t limit = 100;
    CHECK(mallctl("arena.2.retain_grow_limit", NULL, NULL, &limit, sizeof limit) == EFAULT);
    limit = 1 << 20;
    CHECK(mallctl("arena.2.retain_grow_limit", NULL, NULL, &limit, sizeof limit) == 0);
    CHECK(read_size("arena.2.retain_grow_limit") == 1 << 20);
    const char *dss = "primary";
    CHECK(mallctl("arena.2.dss", NULL, NULL, &dss, sizeof dss) == EFAULT);
    CHECK(mallctl("arena.5.purge", NULL, NULL, NULL, 0) == ENOENT);
}

CASE(statistics_of_arenas_add_up)
{
    unsigned arenas[3] = { create_arena(), create_arena(), create_arena() };
    uint64_t state = 17;
    static void *blocks[3000];
    for (int i = 0; i < 20000; i++)
    {
        void **slot = &blocks[random_next(&state) % 3000];
        free(*slot);
        *slot = mallocx(random_size(&state, 19), ARENA(random_next(&state) % 4));
    }
    CHECK(act(arenas[1], "destroy") == 0);
    refresh_epoch();
    static const char *const names[] = { "small.allocated", "large.allocated", "small.nmalloc",
        "small.ndalloc", "large.nmalloc", "large.ndalloc", "pactive", "pdirty", "mapped", "retained", "base",
        "resident", "bins.3.nmalloc", "bins.3.curregs", "bins.7.curslabs", "bins.9.nonfull_slabs",
        "lextents.2.curlextents", "nthreads" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    {
        size_t sum = 0;
        for (unsigned arena = 0; arena < 4; arena++)
            sum += arena == arenas[1] ? 0 : arena_size(arena, names[i]);
        sum += arena_size(4097, names[i]);
        CHECK_THAT(sum == arena_size(4096, names[i]), "%s: %zu, not %zu", names[i], sum,
            arena_size(4096, names[i]));
    }
    size_t allocated = read_size("stats.allocated"), active = read_size("stats.active");
    CHECK(arena_size(4096, "small.allocated") + arena_size(4096, "large.allocated") == allocated);
    CHECK(allocated <= active && active == arena_size(4096, "pactive") * 4096);
    CHECK(active <= read_size("stats.resident") && active <= read_size("stats.mapped"));
}

static char report[1 << 20];
static size_t report_length;

static void append(void *argument, const char *text)
{
    size_t length = strlen(text);
    CHECK(argument == report && report_length + length < sizeof report);
    memcpy(report + report_length, text, length + 1);
    report_length += length;
}

static void print_report(const char *letters)
{
    report_length = 0;
    malloc_stats_print(append, report, letters);
}

CASE(reports_have_all_arenas)
{
    unsigned first = create_arena(), second = create_arena();
    const char *name = "a \"name\"";
    CHECK(mallctl("arena.1.name", NULL, NULL, &name, sizeof name) == 0);
    for (int i = 0; i < 100; i++)
        CHECK(mallocx(1234, ARENA(first)) && mallocx(100000, ARENA(second)));
    print_report("J");
    CHECK(strstr(report, "\"narenas\":3") && strstr(report, "\"merged\":{"));
    CHECK(strstr(report, "\"1\":{\"name\":\"a \\\"name\\\"\""));
    CHECK(strstr(report, "\"2\":{\"name\":\"manual_2\""));
    CHECK(!strstr(report, "destroyed"));
    print_report("Ja");
    CHECK(strstr(report, "\"merged\":{") && !strstr(report, "manual_2"));
    CHECK(act(second, "destroy") == 0);
    print_report("J");
    CHECK(strstr(report, "\"destroyed\":{") && !strstr(report, "manual_2"));
    print_report("Jd");
    CHECK(!strstr(report, "\"destroyed\":{"));
    print_report("");
    CHECK(strstr(report, "Merged arenas stats:") && strstr(report, "Destroyed arenas stats:"));
    CHECK(strstr(report, "arenas[0]:") && strstr(report, "arenas[1]:") && !strstr(report, "arenas[2]:"));
}

// Random controls of arenas, indexes, values and sizes of buffers: an error number or a value.
CASE(random_requests_to_arenas)
{
    static const char *const controls[] = { "initialized", "purge", "decay", "reset", "destroy", "dss",
        "name", "dirty_decay_ms", "muzzy_decay_ms", "retain_grow_limit", "oversize_threshold", "extent_hooks",
        "", "x" };
    uint64_t state = 77;
    static void *blocks[100];
    int succeeded = 0;
    for (int i = 0; i < 30000; i++)
    {
        unsigned index = random_next(&state) % 16, id = 0;
        const char *control = controls[random_next(&state) % (sizeof controls / sizeof controls[0])];
        char path[64], buffer[64], *text = buffer;
        index = index == 15 ? 4090 + random_next(&state) % 10 : index;
        // Blocks of the others would be lost.
        if (strcmp(control, "reset") == 0 || strcmp(control, "destroy") == 0)
            index |= 8;
        snprintf(path, sizeof path, "arena.%u.%s", index, control);
        size_t length = random_next(&state) % 3 ? 8 : random_next(&state) % 12, mib[7], depth = 7;
        union { char *text; ssize_t number; } value = { .text = text };
        memset(buffer, 'x', sizeof buffer);
        buffer[40] = 0;
        if (strcmp(control, "name") != 0 && strcmp(control, "dss") != 0)
            value.number = (ssize_t)(random_next(&state) % 5000) - 3;
        bool writes = random_next(&state) % 2 && strcmp(control, "extent_hooks") != 0;
        bool reads = random_next(&state) % 2 && strcmp(control, "purge") && strcmp(control, "decay");
        size_t value_length = random_next(&state) % 4 ? 8 : random_next(&state) % 12;
        char *old[4] = { text, NULL, NULL, NULL };
        int error = mallctl(path, reads ? old : NULL, reads ? &length : NULL, writes ? &value : NULL,
            writes ? value_length : 0);
        CHECK_THAT(error == 0 || error == ENOENT || error == EINVAL || error == EPERM || error == EFAULT,
            "%s: %d", path, error);
        CHECK(length < 12 && old[1] == NULL);
        succeeded += error == 0;
        if (mallctlnametomib("arena.0.purge", mib, &depth) == 0)
        {
            mib[random_next(&state) % 2] = random_next(&state) % 5000;
            error = mallctlbymib(mib, random_next(&state) % 5, NULL, NULL, NULL, 0);
            CHECK(error == 0 || error == ENOENT || error == EFAULT);
        }
        if (i % 20 == 0 && read_unsigned("arenas.narenas") < 15)
            create_arena();
        void **slot = &blocks[random_next(&state) % 100];
        unsigned place = random_next(&state) % 8;
        size_t size = random_size(&state, 18);
        free(*slot);
        *slot = mallocx(size, ARENA(place));
        length = sizeof id;
        if (i % 50 == 0)
        {
            unsigned wanted = random_next(&state) % 8;
            error = mallctl("thread.arena", &id, &length, &wanted, sizeof wanted);
            CHECK(error == 0 || error == EFAULT);
        }
    }
    CHECK(succeeded > 1000);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
