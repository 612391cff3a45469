// Memory that is locked as soon as it is accessible: what is committed without need is resident.
#include "check.h"
#include <malloc.h>
#include <sys/mman.h>

CASE(aligned_blocks_in_locked_memory)
{
    void *first = malloc(1);
    CHECK(first != NULL);
    if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
        SKIP("mlockall is not permitted: %s", strerror(errno));
    size_t before = status_kib("VmRSS:");
    for (size_t alignment = 1 << 16; alignment <= (size_t)1 << 30; alignment *= 4)
    {
        char *block = memalign(alignment, 1000);
        CHECK(block != NULL);
        *block = 1;
    }
    size_t after = status_kib("VmRSS:");
    CHECK_THAT(after < before + 16 * 1024, "%zu KiB before, %zu KiB after", before, after);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
