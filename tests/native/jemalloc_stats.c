// jemalloc's statistics, by name and as reports.
#include "jemalloc.h"

static uint64_t refresh(void)
{
    uint64_t epoch = 1;
    size_t length = sizeof epoch;
    CHECK(mallctl("epoch", &epoch, &length, &epoch, sizeof epoch) == 0);
    return epoch;
}

CASE(statistics_change_with_the_epoch_only)
{
    CHECK(strncmp(read_text("version"), "5.", 2) == 0);
    uint64_t epoch = refresh();
    size_t before = read_size("stats.allocated");
    enum { SIZE = 10 << 20 };
    sink = memset(malloc(SIZE), 1, SIZE);
    CHECK(read_size("stats.allocated") == before && refresh() == epoch + 1);
    size_t after = read_size("stats.allocated");
    CHECK_THAT(after >= before + SIZE && after < before + SIZE + SIZE / 20, "%zu, then %zu", before, after);
    free(sink);
    refresh();
    CHECK(read_size("stats.allocated") < before + SIZE / 20);
}

static void check_relations(void)
{
    refresh();
    size_t allocated = read_size("stats.allocated"), active = read_size("stats.active");
    size_t metadata = read_size("stats.metadata"), resident = read_size("stats.resident");
    CHECK_THAT(allocated <= active && active % 4096 == 0, "%zu, %zu", allocated, active);
    CHECK(active + metadata <= resident && active <= read_size("stats.mapped") && metadata > 0);
    CHECK(read_size("stats.arenas.0.pactive") * 4096 == active);
    size_t all_small = read_size("stats.arenas.4096.small.allocated");
    CHECK(all_small + read_size("stats.arenas.4096.large.allocated") == allocated);
    size_t small = 0, blocks = 0;
    for (unsigned bin = 0; bin < read_unsigned("arenas.nbins"); bin++)
    {
        char name[80];
        snprintf(name, sizeof name, "stats.arenas.0.bins.%u.curregs", bin);
        size_t regions = read_size(name);
        snprintf(name, sizeof name, "arenas.bin.%u.size", bin);
        small += regions * read_size(name);
        snprintf(name, sizeof name, "arenas.bin.%u.nregs", bin);
        size_t slab = read_unsigned(name);
        snprintf(name, sizeof name, "stats.arenas.0.bins.%u.curslabs", bin);
        size_t slabs = read_size(name);
        snprintf(name, sizeof name, "stats.arenas.0.bins.%u.nonfull_slabs", bin);
        CHECK(regions <= slab * slabs && read_size(name) <= slabs);
        blocks += regions;
    }
    CHECK(small == read_size("stats.arenas.0.small.allocated"));
    CHECK(read_size("stats.arenas.0.small.nmalloc") - read_size("stats.arenas.0.small.ndalloc") == blocks);
}

CASE(sums_of_statistics_agree)
{
    static void *blocks[4096];
    uint64_t state = 9;
    refresh();
    size_t before = read_size("stats.allocated"), held = 0;
    for (int i = 0; i < 40000; i++)
    {
        void **slot = &blocks[random_next(&state) % 4096];
        held -= *slot == NULL ? 0 : sallocx(*slot, 0);
        free(*slot);
        *slot = malloc(random_size(&state, 19));
        held += sallocx(*slot, 0);
        if (i % 10000 == 9999)
        {
            check_relations();
            size_t now = read_size("stats.allocated");
            CHECK_THAT(now - before >= held && now - before < held + 100000, "%zu, not %zu", now - before,
                held);
        }
    }
}

CASE(large_blocks_are_counted_by_class)
{
    refresh();
    size_t size = 0, before = 0, after = 0;
    char name[80];
    unsigned index = 0;
    for (; size < 3000000; index++)
    {
        snprintf(name, sizeof name, "arenas.lextent.%u.size", index);
        size = read_size(name);
    }
    snprintf(name, sizeof name, "stats.arenas.0.lextents.%u.curlextents", index - 1);
    before = read_size(name);
    for (int i = 0; i < 5; i++)
        CHECK((sink = malloc(3000000)) != NULL);
    refresh();
    after = read_size(name);
    CHECK_THAT(after == before + 5, "%zu, then %zu", before, after);
}

CASE(lookup_finds_the_arena_of_a_block)
{
    unsigned arena = 9;
    size_t length = sizeof arena;
    void *small = malloc(100), *large = malloc(1 << 20), *foreign = &arena;
    CHECK(mallctl("arenas.lookup", &arena, &length, &small, sizeof small) == 0 && arena == 0);
    CHECK(mallctl("arenas.lookup", &arena, &length, &large, sizeof large) == 0 && arena == 0);
    CHECK(mallctl("arenas.lookup", &arena, &length, &foreign, sizeof foreign) == EINVAL);
    CHECK(mallctl("arenas.lookup", &arena, &length, NULL, 0) == EINVAL);
    CHECK(mallctl("arenas.lookup", NULL, NULL, &small, sizeof small) == EINVAL);
    free(small);
    free(large);
}

CASE(purge_gives_memory_back)
{
    ssize_t never = -1, old = 0;
    size_t length = sizeof old;
    CHECK(mallctl("arena.0.dirty_decay_ms", &old, &length, &never, sizeof never) == 0 && old == 1000);
    CHECK(mallctl("arena.0.dirty_decay_ms", &old, &length, NULL, 0) == 0 && old == -1);
    CHECK(mallctl("arenas.dirty_decay_ms", &old, &length, NULL, 0) == 0 && old == 1000);
    enum { COUNT = 1000, SIZE = 100000 };
    static void *blocks[COUNT];
    for (int i = 0; i < COUNT; i++)
        blocks[i] = memset(malloc(SIZE), 1, SIZE);
    for (int i = 0; i < COUNT; i++)
        free(blocks[i]);
    refresh();
    size_t resident = status_kib("VmRSS:");
    CHECK(read_size("stats.arenas.0.pdirty") * 4096 > (size_t)COUNT * SIZE * 9 / 10);
    char name[64];
    snprintf(name, sizeof name, "arena.%u.purge", read_unsigned("arenas.narenas"));
    CHECK(mallctl(name, NULL, NULL, NULL, 0) == 0);
    refresh();
    CHECK(read_size("stats.arenas.0.pdirty") * 4096 < (size_t)COUNT * SIZE / 20);
    CHECK(read_size("stats.retained") > (size_t)COUNT * SIZE * 9 / 10);
    CHECK(read_size("stats.arenas.4096.dirty_purged") * 4096 > (size_t)COUNT * SIZE * 9 / 10);
    size_t calls = read_size("stats.arenas.0.dirty_nmadvise");
    CHECK(read_size("stats.arenas.0.dirty_npurge") > 0 && calls >= read_size("stats.arenas.0.dirty_npurge"));
    CHECK(status_kib("VmRSS:") < resident - COUNT * SIZE / 1024 / 2);
}

CASE(properties_of_the_build_and_options)
{
    CHECK(read_bool("config.stats") == 1 && read_bool("config.prof") == 1);
    CHECK(read_unsigned("arenas.narenas") == 1 && read_unsigned("opt.narenas") == 1);
    CHECK(read_size("arenas.quantum") == 16 && read_size("arenas.page") == 4096);
    CHECK((ssize_t)read_size("opt.dirty_decay_ms") == 1000 && read_bool("opt.background_thread") == 0);
    CHECK(strcmp(read_text("opt.zero_realloc"), "free") == 0);
    CHECK(strcmp(read_text("config.malloc_conf"), "") == 0);
    CHECK(read_bool("prof.active") == 0 && read_bool("background_thread") == 0);
    CHECK(read_bool("arena.0.initialized") == 1 && read_size("stats.background_thread.num_runs") == 0);
}

static char report[1 << 20];
static size_t report_length;

static void append_to_report(void *argument, const char *text)
{
    CHECK(argument == report && report_length + strlen(text) < sizeof report);
    free(malloc(1000));
    report_length += strlen(strcpy(report + report_length, text));
}

static const char *print_report(const char *letters)
{
    report_length = 0;
    malloc_stats_print(append_to_report, report, letters);
    CHECK(report_length > 0);
    return report;
}

// Brackets and quotes of compact JSON pair up.
static void check_json(const char *text)
{
    char open[64];
    int depth = 0;
    for (const char *at = text; *at != 0 && *at != '\n'; at++)
    {
        if (*at == '"')
            CHECK((at = strchr(at + 1, '"')) != NULL);
        else if (*at == '{' || *at == '[')
            CHECK(depth < 64), open[depth++] = *at;
        else if (*at == '}' || *at == ']')
            CHECK(depth-- > 0 && open[depth] == (*at == '}' ? '{' : '['));
        CHECK_THAT(strncmp(at, ",,", 2) && strncmp(at, "{,", 2) && strncmp(at, ",}", 2)
            && strncmp(at, ":,", 2), "at %.40s", at);
    }
    CHECK(depth == 0 && strchr(text, '\n') == text + strlen(text) - 1);
}

static size_t number_after(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    CHECK_THAT(at != NULL, "no %s", key);
    return strtoull(at + strlen(key), NULL, 10);
}

static int count_of(const char *text, const char *part)
{
    int count = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

CASE(report_as_json)
{
    CHECK((sink = malloc(20 << 20)) != NULL);
    const char *text = print_report("J");
    check_json(text);
    CHECK(strncmp(text, "{\"jemalloc\":{\"version\":\"5.", 26) == 0);
    CHECK(number_after(text, "\"stats\":{\"allocated\":") == read_size("stats.allocated"));
    CHECK(number_after(text, "\"stats\":{\"allocated\":") >= 20 << 20);
    CHECK(number_after(text, "\"large\":{\"allocated\":") == read_size("stats.arenas.0.large.allocated"));
    CHECK(number_after(text, "\"nbins\":") == read_unsigned("arenas.nbins"));
    CHECK(count_of(text, "\"slab_size\":") == (int)read_unsigned("arenas.nbins"));
    CHECK(count_of(text, "\"curregs\":") == (int)read_unsigned("arenas.nbins"));
    CHECK(count_of(text, "\"curlextents\":") == (int)read_unsigned("arenas.nlextents"));
    CHECK(strstr(text, "\"stats.arenas\":{\"0\":{") != NULL && strstr(text, "\"merged\"") == NULL);
    CHECK(strstr(text, "\"dirty_decay_ms\":1000") != NULL && strstr(text, "\"uptime_ns\":") != NULL);
    check_json(text = print_report("Jax"));
    CHECK(strstr(text, "\"merged\":{") != NULL && strstr(text, "\"0\":{") == NULL);
    check_json(text = print_report("Jgabl?"));
    CHECK(strstr(text, "\"version\"") == NULL && strstr(text, "\"bins\"") == NULL);
    CHECK(strstr(text, "\"lextents\"") == NULL && strncmp(text, "{\"jemalloc\":{\"stats\":", 21) == 0);
    check_json(text = print_report("Jma"));
    CHECK(strstr(text, "\"stats.arenas\":{}") != NULL);
}

CASE(report_as_text)
{
    CHECK((sink = malloc(20 << 20)) != NULL);
    const char *text = print_report(NULL);
    CHECK(strncmp(text, "___ Begin jemalloc statistics ___\nVersion: \"5.", 46) == 0);
    CHECK(strstr(text, "\n--- End jemalloc statistics ---\n") != NULL);
    CHECK(strstr(text, "\narenas[0]:\n") != NULL);
    CHECK(number_after(text, "\nAllocated: ") == read_size("stats.allocated"));
    CHECK(number_after(text, ", resident: ") == read_size("stats.resident"));
    CHECK(number_after(text, "\nsmall: ") == read_size("stats.arenas.0.small.allocated"));
    CHECK(strstr(text, "  opt.dirty_decay_ms: 1000\n") != NULL && strstr(text, "\nbins:") != NULL);
    text = print_report("ga");
    CHECK(strstr(text, "opt.") == NULL && strstr(text, "Merged arenas stats:") != NULL);
    CHECK(strstr(print_report("gblm"), "bins:") == NULL);
}

CASE(report_on_standard_error)
{
    malloc_stats_print(NULL, NULL, "gbl");
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
