// A library that is unloaded before the profile is complete.
#include <stdlib.h>

void *plugin_allocate(size_t size);
void *plugin_allocate(size_t size)
{
    void *block = malloc(size);
    __asm__ volatile("" : "+r"(block)); // no tail call
    return block;
}
