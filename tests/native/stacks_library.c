// A library whose function calls another one, from a frame of a size that the build chooses.
#include <string.h>

void call(void (*function)(void));
void call(void (*function)(void))
{
    volatile char space[FRAME_BYTES];
    space[0] = 1;
    function();
    space[1] = space[0];
}
