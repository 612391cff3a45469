// The names of jemalloc's manual, one by one, and the figures of locks, unused memory, refills and slabs.
#include "arenas.h"

struct name
{
    const char *text;
    size_t size;
};

// Each name that a program may read, with the size of its value.
static const struct name names[] = {
    { "version", 8 }, { "epoch", 8 }, { "background_thread", 1 }, { "max_background_threads", 8 },
    { "thread.arena", 4 }, { "thread.allocated", 8 }, { "thread.allocatedp", 8 },
    { "thread.deallocated", 8 }, { "thread.deallocatedp", 8 }, { "thread.tcache.enabled", 1 },
    { "thread.tcache.max", 8 }, { "thread.peak.read", 8 }, { "thread.prof.active", 1 },
    { "config.cache_oblivious", 1 }, { "config.debug", 1 }, { "config.fill", 1 }, { "config.lazy_lock", 1 },
    { "config.malloc_conf", 8 }, { "config.opt_safety_checks", 1 }, { "config.prof", 1 },
    { "config.prof_libgcc", 1 }, { "config.prof_libunwind", 1 }, { "config.stats", 1 },
    { "config.utrace", 1 }, { "config.xmalloc", 1 },
    { "opt.abort", 1 }, { "opt.abort_conf", 1 }, { "opt.confirm_conf", 1 }, { "opt.narenas", 4 },
    { "opt.percpu_arena", 8 }, { "opt.background_thread", 1 }, { "opt.max_background_threads", 8 },
    { "opt.dirty_decay_ms", 8 }, { "opt.muzzy_decay_ms", 8 }, { "opt.oversize_threshold", 8 },
    { "opt.lg_extent_max_active_fit", 8 }, { "opt.retain", 1 }, { "opt.dss", 8 },
    { "opt.metadata_thp", 8 }, { "opt.thp", 8 }, { "opt.tcache", 1 }, { "opt.tcache_max", 8 },
    { "opt.cache_oblivious", 1 }, { "opt.junk", 8 }, { "opt.zero", 1 }, { "opt.xmalloc", 1 },
    { "opt.zero_realloc", 8 }, { "opt.stats_print", 1 }, { "opt.stats_print_opts", 8 },
    { "opt.stats_interval", 8 }, { "opt.stats_interval_opts", 8 }, { "opt.prof", 1 },
    { "opt.prof_active", 1 }, { "opt.prof_prefix", 8 }, { "opt.lg_prof_sample", 8 },
    { "opt.lg_prof_interval", 8 }, { "opt.prof_gdump", 1 }, { "opt.prof_final", 1 }, { "opt.prof_leak", 1 },
    { "opt.prof_accum", 1 }, { "opt.prof_thread_active_init", 1 }, { "opt.prof_leak_error", 1 },
    { "opt.prof_bt_max", 4 }, { "opt.prof_pid_namespace", 1 }, { "opt.prof_stats", 1 },
    { "opt.debug_double_free_max_scan", 4 }, { "opt.disable_large_size_classes", 1 },
    { "opt.process_madvise_max_batch", 8 },
    { "arena.0.initialized", 1 }, { "arena.4096.initialized", 1 }, { "arena.0.dss", 8 },
    { "arena.0.dirty_decay_ms", 8 }, { "arena.0.muzzy_decay_ms", 8 }, { "arena.0.extent_hooks", 8 },
    { "arena.0.retain_grow_limit", 8 }, { "arena.0.oversize_threshold", 8 },
    { "arenas.narenas", 4 }, { "arenas.dirty_decay_ms", 8 }, { "arenas.muzzy_decay_ms", 8 },
    { "arenas.quantum", 8 }, { "arenas.page", 8 }, { "arenas.hugepage", 8 }, { "arenas.tcache_max", 8 },
    { "arenas.nbins", 4 }, { "arenas.nlextents", 4 }, { "arenas.nhbins", 4 }, { "arenas.bin.0.size", 8 },
    { "arenas.bin.0.nregs", 4 }, { "arenas.bin.0.slab_size", 8 }, { "arenas.bin.0.nshards", 4 },
    { "arenas.lextent.0.size", 8 },
    { "prof.thread_active_init", 1 }, { "prof.active", 1 }, { "prof.gdump", 1 }, { "prof.interval", 8 },
    { "prof.lg_sample", 8 },
    { "stats.allocated", 8 }, { "stats.active", 8 }, { "stats.metadata", 8 }, { "stats.metadata_thp", 8 },
    { "stats.metadata_edata", 8 }, { "stats.metadata_rtree", 8 }, { "stats.resident", 8 },
    { "stats.mapped", 8 }, { "stats.retained", 8 }, { "stats.zero_reallocs", 8 },
    { "approximate_stats.active", 8 }, { "stats.background_thread.num_threads", 8 },
    { "stats.background_thread.num_runs", 8 }, { "stats.background_thread.run_interval", 8 },
    { "stats.arenas.0.nthreads", 4 }, { "stats.arenas.0.uptime", 8 }, { "stats.arenas.0.dss", 8 },
    { "stats.arenas.0.dirty_decay_ms", 8 }, { "stats.arenas.0.muzzy_decay_ms", 8 },
};

// Each name that is read for an arena, or for all; these are 8 bytes.
static const char *const arena_names[] = {
    "pactive", "pdirty", "pmuzzy", "mapped", "retained", "base", "internal", "resident", "extent_avail",
    "tcache_bytes", "abandoned_vm", "metadata_thp", "metadata_edata", "metadata_rtree",
    "tcache_stashed_bytes",
    "dirty_npurge", "dirty_nmadvise", "dirty_purged", "muzzy_npurge", "muzzy_nmadvise", "muzzy_purged",
    "small.allocated", "small.nmalloc", "small.ndalloc", "small.nrequests", "small.nfills",
    "small.nflushes", "large.allocated", "large.nmalloc", "large.ndalloc", "large.nrequests",
    "large.nfills", "large.nflushes",
    "bins.0.nmalloc", "bins.0.ndalloc", "bins.0.nrequests", "bins.0.curregs", "bins.0.curslabs",
    "bins.0.nonfull_slabs", "bins.0.nfills", "bins.0.nflushes", "bins.0.nslabs", "bins.0.nreslabs",
    "lextents.0.nmalloc", "lextents.0.ndalloc", "lextents.0.nrequests", "lextents.0.curlextents",
    "extents.0.ndirty", "extents.0.nmuzzy", "extents.0.nretained", "extents.0.dirty_bytes",
    "extents.0.muzzy_bytes", "extents.0.retained_bytes", "extents.198.ndirty",
};

static const char *const mutexes[] = { "background_thread", "max_per_bg_thd", "ctl", "prof",
    "prof_thds_data", "prof_dump", "prof_recent_alloc", "prof_recent_dump", "prof_stats" };
static const char *const arena_mutexes[] = { "large", "extent_avail", "extents_dirty", "extents_muzzy",
    "extents_retained", "decay_dirty", "decay_muzzy", "base", "tcache_list" };
static const char *const counters[] = { "num_ops", "num_wait", "num_spin_acq", "num_owner_switch",
    "total_wait_time", "max_wait_time" };

// The same value by the name and by its number, with a buffer of its size and of no other.
static void check_readable(const char *name, size_t size)
{
    uint64_t value = 0, again = 0;
    size_t length = size, mib[7], depth = LENGTH(mib);
    int error = mallctl(name, &value, &length, NULL, 0);
    CHECK_THAT(error == 0 && length == size, "%s: error %d, %zu bytes", name, error, length);
    CHECK(mallctlnametomib(name, mib, &depth) == 0);
    CHECK_THAT(mallctlbymib(mib, depth, &again, &length, NULL, 0) == 0, "%s by number", name);
    length = size - 1;
    error = mallctl(name, &value, &length, NULL, 0);
    CHECK_THAT(error == EINVAL && length == size - 1, "%s: error %d, %zu bytes", name, error, length);
    CHECK(mallctl(name, NULL, NULL, NULL, 0) == 0);
}

CASE(every_documented_name_is_readable)
{
    char name[96];
    for (size_t at = 0; at < LENGTH(names); at++)
        check_readable(names[at].text, names[at].size);
    for (size_t at = 0; at < 2 * LENGTH(arena_names); at++)
    {
        snprintf(name, sizeof name, "stats.arenas.%d.%s", at % 2 ? 4096 : 0, arena_names[at / 2]);
        check_readable(name, 8);
    }
    for (size_t counter = 0; counter < LENGTH(counters); counter++)
    {
        for (size_t at = 0; at < LENGTH(mutexes); at++)
        {
            snprintf(name, sizeof name, "stats.mutexes.%s.%s", mutexes[at], counters[counter]);
            check_readable(name, 8);
        }
        for (size_t at = 0; at < LENGTH(arena_mutexes); at++)
        {
            snprintf(name, sizeof name, "stats.arenas.0.mutexes.%s.%s", arena_mutexes[at],
                counters[counter]);
            check_readable(name, 8);
        }
        snprintf(name, sizeof name, "stats.arenas.0.bins.3.mutex.%s", counters[counter]);
        check_readable(name, 8);
    }
    check_readable("stats.mutexes.ctl.max_num_thds", 4);
    check_readable("stats.arenas.0.mutexes.base.max_num_thds", 4);
    check_readable("stats.arenas.0.bins.0.mutex.max_num_thds", 4);
}

CASE(names_of_absent_features_are_unknown)
{
    static const char *const absent[] = { "opt.utrace", "thread.prof.name", "prof.dump", "prof.prefix",
        "prof.reset", "prof.log_start", "prof.log_stop", "prof.stats.bins.0.live",
        "prof.stats.lextents.0.accum", "opt.malloc_conf.global_var", "stats.arenas.0.small.resident",
        "stats.background_thread.run_intervals", "stats.mutexes.nothing.num_ops", "stats.mutexes",
        "stats.mutexes.ctl", "stats.mutexes.0.num_ops", "stats.mutexes.large.num_ops",
        "stats.arenas.0.mutexes.ctl.num_ops", "stats.arenas.0.extents.199.ndirty", "stats.mutexes..num_ops",
        "experimental.hooks.prof_sample", "experimental.batch_alloc", "experimental.utilization" };
    uint64_t value;
    for (size_t at = 0; at < LENGTH(absent); at++)
    {
        size_t length = sizeof value;
        int error = mallctl(absent[at], &value, &length, NULL, 0);
        CHECK_THAT(error == ENOENT, "%s: error %d", absent[at], error);
    }
}

static void *write_epochs(void *count)
{
    for (int i = 0; i < (int)(intptr_t)count; i++)
        refresh_epoch();
    return NULL;
}

CASE(locks_are_counted)
{
    pthread_t threads[3];
    CHECK(mallctl("stats.mutexes.reset", NULL, NULL, NULL, 0) == 0);
    refresh_epoch();
    size_t before = read_size("stats.mutexes.ctl.num_ops");
    CHECK(before < 10);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, write_epochs, (void *)200) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    refresh_epoch();
    size_t entries = read_size("stats.mutexes.ctl.num_ops") - before;
    size_t waits = read_size("stats.mutexes.ctl.num_wait") + read_size("stats.mutexes.ctl.num_spin_acq");
    size_t switches = read_size("stats.mutexes.ctl.num_owner_switch");
    CHECK_THAT(entries >= 600 && entries < 700, "%zu", entries);
    CHECK(waits <= entries && switches >= 3 && switches <= entries);
    CHECK(read_size("stats.mutexes.ctl.max_wait_time") <= read_size("stats.mutexes.ctl.total_wait_time"));
    CHECK(read_unsigned("stats.mutexes.ctl.max_num_thds") <= 3);
    CHECK(waits == 0 || read_unsigned("stats.mutexes.ctl.max_num_thds") >= 1);
    CHECK(read_size("stats.mutexes.ctl.num_ops") == entries + before);
    char any = 0;
    size_t length = 1;
    CHECK(mallctl("stats.mutexes.reset", &any, &length, &any, 1) == 0);
    refresh_epoch();
    CHECK(read_size("stats.mutexes.ctl.num_ops") < 10);

    unsigned char on = 1;
    CHECK(mallctl("background_thread", NULL, NULL, &on, 1) == 0);
    on = 0;
    CHECK(mallctl("background_thread", NULL, NULL, &on, 1) == 0);
    refresh_epoch();
    CHECK(read_size("stats.mutexes.background_thread.num_ops") >= 2);
    CHECK(read_size("stats.mutexes.max_per_bg_thd.num_ops") >= 1);
}

// The sizes of jemalloc's page classes: 4 KiB to 12 KiB, then four for each doubling.
static size_t extent_size(int index)
{
    int doubling = index < 3 ? 0 : (index - 3) / 4;
    return (size_t)(index + 1 - 4 * doubling) << (doubling + 12);
}

static void count_extents(size_t *dirty, size_t *retained)
{
    *dirty = *retained = 0;
    for (int index = 0; index < 199; index++)
    {
        size_t dirty_bytes = read_of("stats.arenas.0.extents.%u.dirty_bytes", index);
        size_t retained_bytes = read_of("stats.arenas.0.extents.%u.retained_bytes", index);
        size_t count = read_of("stats.arenas.0.extents.%u.ndirty", index);
        CHECK(count * extent_size(index) <= dirty_bytes);
        CHECK(count == 0 ? dirty_bytes == 0 : dirty_bytes / count < extent_size(index + 1));
        count = read_of("stats.arenas.0.extents.%u.nretained", index);
        CHECK(count * extent_size(index) <= retained_bytes);
        CHECK(count == 0 ? retained_bytes == 0 : retained_bytes / count < extent_size(index + 1));
        *dirty += dirty_bytes;
        *retained += retained_bytes;
    }
}

CASE(unused_memory_is_counted_by_size)
{
    ssize_t never = -1;
    CHECK(mallctl("arena.0.dirty_decay_ms", NULL, NULL, &never, sizeof never) == 0);
    enum { COUNT = 200 };
    static void *blocks[COUNT];
    for (int i = 0; i < COUNT; i++)
        blocks[i] = memset(malloc(100000 + i * 3000), 1, 100000);
    for (int i = 0; i < COUNT; i += 2)
        free(blocks[i]);
    refresh_epoch();
    size_t dirty, retained;
    count_extents(&dirty, &retained);
    CHECK_THAT(dirty == read_size("stats.arenas.0.pdirty") * 4096, "%zu bytes", dirty);
    CHECK(dirty > (size_t)COUNT / 2 * 100000);
    CHECK(mallctl("arena.0.purge", NULL, NULL, NULL, 0) == 0);
    refresh_epoch();
    count_extents(&dirty, &retained);
    CHECK_THAT(dirty == 0 && retained > (size_t)COUNT / 2 * 100000, "%zu and %zu bytes", dirty, retained);
}

CASE(refills_and_slabs_are_counted)
{
    refresh_epoch();
    unsigned bin = 0;
    while (read_of("arenas.bin.%u.size", bin) < 512)
        bin++;
    size_t slabs = read_of("stats.arenas.0.bins.%u.nslabs", bin);
    size_t fills = read_size("stats.arenas.0.small.nfills");
    size_t flushes = read_size("stats.arenas.0.small.nflushes");
    enum { COUNT = 10000 };
    static void *blocks[COUNT];
    for (int i = 0; i < COUNT; i++)
        CHECK((blocks[i] = malloc(512)) != NULL);
    refresh_epoch();
    size_t created = read_of("stats.arenas.0.bins.%u.nslabs", bin) - slabs;
    size_t regions = read_of("stats.arenas.0.bins.%u.curregs", bin);
    CHECK_THAT(created >= COUNT / 128 - 1 && created <= COUNT / 128 + 2, "%zu slabs", created);
    CHECK(regions >= COUNT && read_of("stats.arenas.0.bins.%u.curslabs", bin) >= created);
    CHECK(read_size("stats.arenas.0.small.nfills") - fills >= created);
    for (int i = 0; i < COUNT; i++)
        free(blocks[i]);
    CHECK((sink = malloc(512)) != NULL);
    CHECK(mallctl("thread.tcache.flush", NULL, NULL, NULL, 0) == 0);
    refresh_epoch();
    CHECK(read_size("stats.arenas.0.small.nflushes") > flushes);
    CHECK(read_of("stats.arenas.0.bins.%u.nslabs", bin) - slabs == created);
    CHECK(read_of("stats.arenas.0.bins.%u.curslabs", bin) < created);
}

CASE(large_blocks_enter_and_leave_classes)
{
    refresh_epoch();
    size_t entered = read_size("stats.arenas.0.large.nmalloc");
    size_t left = read_size("stats.arenas.0.large.ndalloc");
    void *blocks[20];
    for (int i = 0; i < 20; i++)
        CHECK((blocks[i] = malloc(100000 * (i + 1))) != NULL);
    CHECK(xallocx(blocks[19], 1000000, 0, 0) < 1100000);
    for (int i = 0; i < 10; i++)
        free(blocks[i]);
    refresh_epoch();
    CHECK(read_size("stats.arenas.0.large.nmalloc") == entered + 21);
    CHECK(read_size("stats.arenas.0.large.ndalloc") == left + 11);
    size_t all_entered = 0, all_left = 0;
    for (unsigned index = 0; index < read_unsigned("arenas.nlextents"); index++)
    {
        size_t in = read_of("stats.arenas.0.lextents.%u.nmalloc", index);
        size_t out = read_of("stats.arenas.0.lextents.%u.ndalloc", index);
        CHECK(in - out == read_of("stats.arenas.0.lextents.%u.curlextents", index));
        CHECK(in == read_of("stats.arenas.0.lextents.%u.nrequests", index));
        all_entered += in;
        all_left += out;
    }
    CHECK(all_entered == entered + 21 && all_left == left + 11);
}

CASE(reallocations_to_nothing_are_counted)
{
    size_t before = read_size("stats.zero_reallocs");
    CHECK(realloc(malloc(100), opaque(0)) == NULL);
    sink = realloc(NULL, opaque(0));
    CHECK(realloc(sink, 10) != NULL);
    CHECK_THAT(read_size("stats.zero_reallocs") == before + 1, "%zu", read_size("stats.zero_reallocs"));
}

static int is_error_of_controls(int error)
{
    return error == 0 || error == ENOENT || error == EINVAL || error == EPERM || error == EAGAIN
        || error == EFAULT;
}

// Random names, buffers and values: an error number or a value, never a byte outside the buffer.
CASE(random_requests)
{
    static const char *const parts[] = { "stats", "arenas", "0", "4096", "mutexes", "ctl", "large", "base",
        "num_ops", "max_num_thds", "bins", "mutex", "extents", "198", "ndirty", "retained_bytes", "lextents",
        "nmalloc", "thread", "tcache", "ncached_max", "read_sizeclass", "max", "experimental",
        "utilization", "query", "batch_query", "prof", "live", "accum", "reset", "small", "nfills", "" };
    static const char *const whole[] = { "experimental.utilization.query",
        "experimental.utilization.batch_query", "thread.tcache.max",
        "thread.tcache.ncached_max.read_sizeclass", "stats.mutexes.reset", "prof.stats.bins.0.live",
        "stats.arenas.0.mutexes.base.num_ops", "stats.arenas.4096.extents.3.ndirty" };
    uint64_t state = 17;
    int found = 0;
    for (int i = 0; i < 30000; i++)
    {
        char name[256] = "";
        if (random_next(&state) % 2)
            strcpy(name, whole[random_next(&state) % LENGTH(whole)]);
        else
            for (int depth = random_next(&state) % 7; depth >= 0; depth--)
                strcat(strcat(name, parts[random_next(&state) % LENGTH(parts)]), depth ? "." : "");
        unsigned char old[96];
        memset(old, 0xcc, sizeof old);
        uint64_t value[4];
        for (int at = 0; at < 4; at++)
            value[at] = random_next(&state) >> random_next(&state) % 64;
        size_t room = random_next(&state) % 73, length = room, new_length = random_next(&state) % 33;
        unsigned passed = random_next(&state);
        int error = mallctl(name, passed & 1 ? old : NULL, passed & 2 ? &length : NULL,
            passed & 4 ? value : NULL, passed & 8 ? new_length : 0);
        CHECK_THAT(is_error_of_controls(error) && length <= room, "%s: error %d", name, error);
        for (size_t at = passed & 2 ? room : 8; at < sizeof old; at++)
            CHECK_THAT(old[at] == 0xcc, "%s", name);
        found += error == 0;
        free(malloc(random_next(&state) % 100000));
    }
    CHECK(found > 1000);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
