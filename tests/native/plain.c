// Builds everywhere: linked to the library, static with glibc or musl, or left to a preload by any loader.
#define CHECK_STATIC
#include "check.h"
#include <pthread.h>
#include <sys/wait.h>

static void *use_all_functions(void *argument)
{
    uint64_t state = (uintptr_t)argument + 1;
    for (int i = 0; i < 5000; i++)
    {
        size_t size = random_size(&state, i % 100 == 0 ? 23 : 15);
        void *block = malloc(size), *zeroed = calloc(1, size), *aligned = NULL;
        CHECK(block != NULL && zeroed != NULL && all_zero(zeroed, size < 5000 ? size : 5000));
        CHECK(posix_memalign(&aligned, 256, size) == 0 && (uintptr_t)aligned % 256 == 0);
        pattern_fill(block, size, i);
        CHECK((block = realloc(block, size + 100)) != NULL && pattern_holds(block, size, i));
        errno = 77;
        free(block);
        free(zeroed);
        free(aligned);
        CHECK(errno == 77);
    }
    return NULL;
}

CASE(allocate)
{
    use_all_functions(NULL);
}

CASE(fails_with_enomem)
{
    errno = 0;
    CHECK(malloc(opaque(SIZE_MAX)) == NULL && errno == ENOMEM);
    errno = 0;
    CHECK(calloc(opaque(SIZE_MAX / 2), 3) == NULL && errno == ENOMEM);
}

CASE(threads)
{
    for (int round = 0; round < 20; round++)
    {
        pthread_t threads[4];
        for (uintptr_t i = 0; i < 4; i++)
            CHECK(pthread_create(&threads[i], NULL, use_all_functions, (void *)i) == 0);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    }
    CHECK_THAT(status_kib("VmHWM:") < 200 * 1024, "peak %zu KiB", status_kib("VmHWM:"));
}

CASE(child)
{
    for (int i = 0; i < 50; i++)
    {
        int status = -1;
        pid_t child = fork();
        if (child == 0)
        {
            free(malloc(100000));
            exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child && status == 0);
    }
}

CASE(standard_io)
{
    char line[256];
    FILE *file = fopen("/proc/self/maps", "r");
    int lines = 0;
    CHECK(file != NULL);
    while (fgets(line, sizeof line, file) != NULL)
        lines++;
    CHECK(lines > 3 && fclose(file) == 0);
    printf("%d is more than three\n", lines);
}

// Run with QUARRY_CONF=limit:32M: only Quarry knows of it, so it shows whose malloc this program has.
CASE(limited_by_quarry)
{
    void *blocks[100];
    int count = 0;
    while (count < 100 && (blocks[count] = malloc(1 << 20)) != NULL)
        count++;
    CHECK_THAT(count >= 16 && count <= 32, "%d MiB", count);
    while (count > 0)
        free(blocks[--count]);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
