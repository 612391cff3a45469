// jemalloc's options: run with MALLOC_CONF and other variables by the test.
#include "jemalloc.h"

#ifdef WITH_VARIABLES
const char *malloc_conf = "dirty_decay_ms:7000,stats_print_opts:Jg";
const char *malloc_conf_2_conf_harder = "stats_print_opts:mab";
#endif

#ifdef WITH_MESSAGES
// Allocates, as a function of a program may, even while the heap is being created.
static void write_message(void *unused, const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    strcpy(copy, text);
    CHECK(unused == NULL && write(1, copy, strlen(copy)) == (ssize_t)strlen(copy));
    free(copy);
}
void (*malloc_message)(void *, const char *) = write_message;
#endif

// Prints the values in force, one line each.
CASE(print)
{
    printf("dirty=%zd muzzy=%zd\n", (ssize_t)read_size("opt.dirty_decay_ms"),
        (ssize_t)read_size("opt.muzzy_decay_ms"));
    printf("decay=%zd new=%zd\n", (ssize_t)read_size("arena.0.dirty_decay_ms"),
        (ssize_t)read_size("arenas.dirty_decay_ms"));
    printf("zero_realloc=%s abort=%d abort_conf=%d junk=%s\n", read_text("opt.zero_realloc"),
        read_bool("opt.abort"), read_bool("opt.abort_conf"), read_text("opt.junk"));
    printf("stats_print=%d letters=%s\n", read_bool("opt.stats_print"), read_text("opt.stats_print_opts"));
    const char *text = "none";
    size_t length = sizeof text;
    int error = mallctl("opt.malloc_conf.env_var", &text, &length, NULL, 0);
    printf("env_var=%s\n", error == ENOENT ? "none" : text);
    text = "none";
    error = mallctl("opt.malloc_conf.global_var", &text, &length, NULL, 0);
    printf("global_var=%s\n", error == ENOENT ? "none" : text);
    text = "none";
    error = mallctl("opt.malloc_conf.symlink", &text, &length, NULL, 0);
    printf("symlink=%s\n", error == ENOENT ? "none" : text);
}

// Allocates 64 MiB in small blocks, by four threads that take turns, and some large ones.
static void *allocate(void *unused)
{
    for (int i = 0; i < 16 << 12; i++)
        free(malloc(256));
    for (int i = 0; i < 8; i++)
        free(malloc(1 << 20));
    return unused;
}

CASE(allocates)
{
    printf("interval=%zd letters=%s\n", (ssize_t)read_size("opt.stats_interval"),
        read_text("opt.stats_interval_opts"));
    fflush(stdout);
    for (int i = 0; i < 4; i++)
    {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, allocate, NULL) == 0 && pthread_join(thread, NULL) == 0);
    }
}

CASE(realloc_of_nothing)
{
    void *block = malloc(100);
    printf("%s\n", realloc(block, opaque(0)) == NULL ? "freed" : "allocated");
}

CASE(report)
{
    malloc_stats_print(NULL, NULL, "gmdablx");
}

CASE(nothing)
{
    CHECK(malloc(1) != NULL);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
