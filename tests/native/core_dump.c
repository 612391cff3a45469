// A process for the debugger to dump: some blocks, one of which has contents that are found again.
#include "check.h"
#include <signal.h>

enum { BLOCKS = 1000 };

static void *blocks[BLOCKS];

CASE(stops_for_the_debugger)
{
    for (int i = 0; i < BLOCKS; i++)
        CHECK((blocks[i] = malloc(i * 10)) != NULL);
    // Put together here, so that the text is in the block alone and not in the program file.
    char *text = blocks[BLOCKS - 1];
    for (int i = 0; i < 26; i++)
        text[i] = text[51 - i] = (char)opaque('A' + i);
    raise(SIGTRAP);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
