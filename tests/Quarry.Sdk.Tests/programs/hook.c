/* Sets a hook on NullMalloc that retries twice and then fails, and then restores the default hook. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void null_malloc_set_hook(int (*hook)(size_t size, size_t alignment)) __attribute__((weak));

static int calls;
static size_t sizes, alignments;

static int hook(size_t size, size_t alignment)
{
    enum { FAIL, RETRY };
    sizes += size;
    alignments += alignment;
    return ++calls < 3 ? RETRY : FAIL;
}

int main(void)
{
    null_malloc_set_hook(hook);
    errno = 0;
    void *block = malloc(1000);
    int error = errno;
    char line[100];
    int length = snprintf(line, sizeof line, "%d calls, %zu bytes, %zu alignment, %s, %s\n", calls, sizes,
        alignments, block ? "served" : "null", error == ENOMEM ? "ENOMEM" : "other");
    if (write(1, line, length) != length) return 1;
    null_malloc_set_hook(NULL);
    return aligned_alloc(256, 512) != NULL;
}
