// Writes the size of the kernel's pages, and the unit in which the library maps memory.
#include "check.h"

int mallctl(const char *, void *, size_t *, void *, size_t) __attribute__((weak));

int main(void)
{
    size_t unit = 0, length = sizeof unit;
    CHECK(mallctl("arenas.page", &unit, &length, NULL, 0) == 0);
    printf("%ld %zu\n", sysconf(_SC_PAGESIZE), unit);
    return 0;
}
