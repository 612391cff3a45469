// A program that replaces the C library's system calls by functions that allocate. An allocator that reaches
// the kernel through these names recurses into itself; here that is seen and ends the program.
#include "check.h"
#include <malloc.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static _Thread_local int inside;

// Called by every replacement: allocation inside allocation is what must not happen.
static void enter(const char *name)
{
    if (inside)
        check_end(CHECK_FAILED, __FILE__, __LINE__, "the allocator called the program's %s", name);
    inside = 1;
    void *block = malloc(3000);
    memset(block, 1, 3000);
    free(block);
    inside = 0;
}

static long answer(long result)
{
    if (result >= 0 || result < -4095)
        return result;
    errno = (int)-result;
    return -1;
}

static long call(long number, long a, long b, long c, long d, long e, long f)
{
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = e;
    register long sixth __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall" : "=a"(result)
        : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth) : "rcx", "r11", "memory");
    return answer(result);
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset)
{
    enter("mmap");
    return (void *)call(SYS_mmap, (long)address, size, protection, flags, file, offset);
}

void *mmap64(void *address, size_t size, int protection, int flags, int file, off_t offset)
    __attribute__((alias("mmap")));

int munmap(void *address, size_t size)
{
    enter("munmap");
    return call(SYS_munmap, (long)address, size, 0, 0, 0, 0);
}

int mprotect(void *address, size_t size, int protection)
{
    enter("mprotect");
    return call(SYS_mprotect, (long)address, size, protection, 0, 0, 0);
}

int madvise(void *address, size_t size, int advice)
{
    enter("madvise");
    return call(SYS_madvise, (long)address, size, advice, 0, 0, 0);
}

int open(const char *path, int flags, ...)
{
    enter("open");
    return call(SYS_openat, AT_FDCWD, (long)path, flags, 0600, 0, 0);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

ssize_t read(int file, void *bytes, size_t size)
{
    enter("read");
    return call(SYS_read, file, (long)bytes, size, 0, 0, 0);
}

ssize_t write(int file, const void *bytes, size_t size)
{
    if (!inside)
        enter("write");
    return call(SYS_write, file, (long)bytes, size, 0, 0, 0);
}

int close(int file)
{
    enter("close");
    return call(SYS_close, file, 0, 0, 0, 0, 0);
}

static void *work(void *argument)
{
    uint64_t state = (uintptr_t)argument + 1;
    for (int i = 0; i < 3000; i++)
    {
        size_t size = random_size(&state, i % 50 == 0 ? 25 : 15);
        inside = 1;
        void *block = i % 3 == 0 ? calloc(1, size) : malloc(size), *larger = realloc(malloc(size / 2), size);
        inside = 0;
        CHECK(block != NULL && larger != NULL);
        pattern_fill(block, size < 4096 ? size : 4096, i);
        CHECK(pattern_holds(block, size < 4096 ? size : 4096, i));
        inside = 1;
        free(block);
        free(larger);
        if (i % 1000 == 0)
            malloc_trim(0);
        inside = 0;
    }
    return NULL;
}

CASE(allocator_never_calls_the_program)
{
    pthread_t threads[3];
    work(NULL);
    for (uintptr_t i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, work, (void *)i) == 0);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
}

CASE(program_may_use_its_own)
{
    char text[64] = "";
    int file = open("/proc/self/comm", O_RDONLY);
    CHECK(file >= 0 && read(file, text, sizeof text - 1) > 0 && close(file) == 0);
    CHECK(strcmp(text, "hostile\n") == 0);
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    page[0] = 1;
    CHECK(madvise(page, 4096, MADV_DONTNEED) == 0 && page[0] == 0);
    CHECK(mprotect(page, 4096, PROT_READ) == 0 && munmap(page, 4096) == 0);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
