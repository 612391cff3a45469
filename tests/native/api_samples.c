// What a sampled profile estimates. A case prints the figures that it knows, one line for each.
#include "check.h"
#include "profiled.h"
#include <malloc.h>

// Children of a parent that is in the middle of its free lists; each allocates the same number of bytes.
CASE(children_are_sampled)
{
    static const size_t sizes[] = { 112, 1024, 3000, 100000 }, counts[] = { 4000, 1000, 400, 20 };
    printf("parent %d\n", getpid());
    for (size_t i = 0; i < 4; i++)
    {
        keep(37, sizes[i]);
        expect(sizes[i], "usable", malloc_usable_size(s_kept[0]));
        expect(sizes[i], "count", counts[i]);
    }
    fflush(stdout);
    for (int i = 0; i < 150; i++)
    {
        pid_t child = fork();
        for (size_t j = 0; child == 0 && j < 4; j++)
            for (size_t k = 0; k < counts[j]; k++)
                free(k % 2 == 0 ? take(sizes[j]) : (take(sizes[j]), NULL));
        if (child == 0)
            exit(0);
        wait_for(child);
    }
}

// Allocates as fast as it can for some seconds.
CASE(allocates_fast)
{
    size_t count = 0;
    for (double end = seconds_now() + 3; seconds_now() < end;)
    {
        for (int i = 0; i < 10000; i++, count++)
            free(take(8000));
    }
    expect(8000, "bytes", count * 8000);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
