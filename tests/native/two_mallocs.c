// Built with jemalloc's names renamed to those of an image without the plain ones: this process has two
// mallocs.
#include "jemalloc.h"
#include <dlfcn.h>

CASE(both_are_used)
{
    void *(*plain_malloc)(size_t) = (void *(*)(size_t))dlsym(RTLD_DEFAULT, "mal" "loc");
    void (*plain_free)(void *) = (void (*)(void *))dlsym(RTLD_DEFAULT, "fr" "ee");
    CHECK((void *)plain_malloc != (void *)malloc && (void *)plain_free != (void *)free);
    void *blocks[2000];
    for (int i = 0; i < 2000; i++)
        blocks[i] = i % 2 ? malloc(i) : plain_malloc(i);
    unsigned arena;
    size_t length = sizeof arena;
    CHECK(mallctl("arenas.lookup", &arena, &length, &blocks[1], sizeof(void *)) == 0 && arena == 0);
    CHECK(mallctl("arenas.lookup", &arena, &length, &blocks[0], sizeof(void *)) == EINVAL);
    size_t allocated = read_size("stats.allocated");
    CHECK_THAT(allocated >= 1000 * 1000 && allocated < 1000 * 1000 * 5 / 4, "%zu", allocated);
    for (int i = 0; i < 2000; i++)
        (i % 2 ? free : plain_free)(blocks[i]);
}

int main(int argc, char **argv)
{
    return run_case(argc, argv);
}
