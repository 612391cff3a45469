/* Allocates known sizes before and in main, and prints CounterMalloc's counts. Nothing else allocates. */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct figures { long before_main, in_use, peak; };
void counter_malloc_statistics(struct figures *figures) __attribute__((weak));

static void *early;

__attribute__((constructor)) static void start(void)
{
    early = malloc(1000);
    free(malloc(500));
}

static int print_counts(const char *when)
{
    struct figures now;
    char line[100];
    counter_malloc_statistics(&now);
    int length = snprintf(line, sizeof line, "%s: %ld before main, %ld in use, peak %ld\n", when,
        now.before_main, now.in_use, now.peak);
    return write(1, line, length) != length;
}

int main(void)
{
    int failed = print_counts("start");
    char *block = malloc(300);
    block = realloc(block, 100000);
    failed |= print_counts("grown");
    block = realloc(block, 10);
    void *aligned = aligned_alloc(256, 2000);
    failed |= print_counts("shrunk") | ((size_t)aligned % 256 != 0);
    free(block);
    free(aligned);
    free(calloc(10, 10));
    return failed | print_counts("end");
}
