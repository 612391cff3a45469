/* Calls functions of the image named by the argument: reads lines `function a b`, with two numbers, and
   writes the results. */

#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    void *image = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (image == NULL)
    {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }

    char name[100];
    unsigned long a, b;
    while (scanf("%99s %lu %lu", name, &a, &b) == 3)
    {
        unsigned long (*function)(unsigned long, unsigned long) = dlsym(image, name);
        if (function == NULL)
        {
            fprintf(stderr, "no function %s\n", name);
            return 1;
        }
        printf("%lu\n", function(a, b));
    }

    return 0;
}
