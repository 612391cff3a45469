/* Frees, resizes and measures foreign pointers, in memory without a header in front of them. */

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>

static char buffer[4096];

int main(void)
{
    char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(pages, 4096);
    char *block = malloc(10);
    free(pages + 4096);
    free(buffer + 64);
    errno = 0;
    if (realloc(buffer + 128, 10) != NULL || errno != ENOMEM) return 1;
    if (malloc_usable_size(buffer + 128) != 0) return 2;
    char *strict = aligned_alloc(4096, 100);
    if (malloc_usable_size(block) < 10 || malloc_usable_size(strict) < 100) return 3;
    free(strict);
    free(block);
    return 0;
}
