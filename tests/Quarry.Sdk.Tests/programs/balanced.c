/* Allocates and frees with every function, from two threads; nothing stays allocated. */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static void *work(void *argument)
{
    void *blocks[100];
    for (int i = 0; i < 100; i++) {
        blocks[i] = i % 3 == 0 ? calloc(i, 7) : i % 3 == 1 ? malloc(i * 1000) : aligned_alloc(64, i + 1);
        if (!blocks[i]) abort();
    }
    for (int i = 0; i < 100; i += 2) blocks[i] = realloc(blocks[i], i * 50 + 1);
    for (int i = 0; i < 100; i++) free(blocks[i]);
    return argument;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, NULL)) return 1;
    work(NULL);
    return pthread_join(thread, NULL);
}
