/* Records the stack of its caller by the chain of frame pointers, which .NET keeps in all its code: one line of
   return addresses for each call, to the file $WITNESS. Needs -fno-omit-frame-pointer. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *file;

void witness(void)
{
    pthread_attr_t attributes;
    void *stack;
    size_t size;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &stack, &size);
    pthread_attr_destroy(&attributes);
    uintptr_t end = (uintptr_t)stack + size;

    pthread_mutex_lock(&lock);
    if (file == NULL) {
        file = fopen(getenv("WITNESS"), "w");
    }
    uintptr_t *frame = __builtin_frame_address(0);
    while ((uintptr_t)frame % 8 == 0 && (uintptr_t)frame < end - 16) {
        uintptr_t *next = (uintptr_t *)frame[0];
        if (frame[1] < 4096) {
            break;
        }
        fprintf(file, "%lx ", frame[1]);
        if (next <= frame) {
            break;
        }
        frame = next;
    }
    fputc('\n', file);
    fflush(file);
    pthread_mutex_unlock(&lock);
}
