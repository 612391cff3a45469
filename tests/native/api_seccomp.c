// Filters of system calls: without mprotect, the heap cannot grow, and goes on with what it has; the one that
// reads a clock is not needed.
#include "check.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

typedef bool handler(size_t size, size_t alignment, void *argument);
typedef void install_handler(handler *, void *);

enum { BLOCKS = 100000, SIZE = 1000 };
static char *blocks[BLOCKS];
static volatile int count, calls, freed;

static void forbid(int call, unsigned action)
{
    // The heap is there before: without mprotect there is none, and the loader does not start a program.
    free(malloc(SIZE));
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof code / sizeof *code, code };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
        || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        SKIP("no seccomp filters here: %s", strerror(errno));
}

static void forbid_mprotect(void)
{
    forbid(SYS_mprotect, SECCOMP_RET_ERRNO | EPERM);
}

static void fill(void)
{
    for (; count < BLOCKS; count++)
    {
        errno = 77;
        blocks[count] = malloc(SIZE);
        if (blocks[count] == NULL)
        {
            CHECK(errno == ENOMEM);
            return;
        }
        pattern_fill(blocks[count], SIZE, count);
    }
}

static void install(handler *function)
{
    install_handler *quarry_exhaustion_handler =
        (install_handler *)dlsym(RTLD_DEFAULT, "quarry_exhaustion_handler");
    CHECK(quarry_exhaustion_handler != NULL);
    quarry_exhaustion_handler(function, NULL);
}

CASE(freed_memory_is_served_again)
{
    forbid_mprotect();
    fill();
    CHECK(count > 500 && count < BLOCKS);
    int before = count;
    for (int round = 0; round < 100; round++)
    {
        for (int i = 0; i < 300; i++)
        {
            count--;
            CHECK(pattern_holds(blocks[count], SIZE, count));
            free(blocks[count]);
        }
        fill();
        CHECK_THAT(count >= before, "round %d: %d blocks, %d before", round, count, before);
    }
}

static bool gives_up_at_ten(size_t size, size_t alignment, void *argument)
{
    CHECK(size == SIZE && alignment == 16 && argument == NULL);
    return ++calls < 10;
}

CASE(handler_that_frees_nothing)
{
    install(gives_up_at_ten);
    forbid_mprotect();
    fill();
    CHECK_THAT(calls == 10, "%d calls", calls);
}

static bool frees_ten(size_t size, size_t alignment, void *argument)
{
    (void)size, (void)alignment, (void)argument;
    for (int i = 0; i < 10; i++)
        free(blocks[--count]);
    freed += 10;
    return ++calls < 50;
}

CASE(handler_that_frees_blocks_is_followed_by_their_reuse)
{
    install(frees_ten);
    forbid_mprotect();
    for (int served = 0; calls < 50; served++)
    {
        blocks[count] = malloc(SIZE);
        CHECK_THAT(blocks[count] != NULL || calls == 50, "after %d calls", calls);
        count += blocks[count] != NULL;
        CHECK(count < BLOCKS);
    }
    CHECK(freed == 500);
}

// Blocks of many pages of blocks are replaced, so that the slow paths that read the clock are frequent.
CASE(clocks_are_read_without_a_system_call)
{
    enum { Kept = 20000, Rounds = 20 };
    if (getauxval(AT_SYSINFO_EHDR) == 0)
        SKIP("the kernel maps no vDSO");
    forbid(SYS_clock_gettime, SECCOMP_RET_KILL_PROCESS);
    for (int i = 0; i < Kept * Rounds; i++)
    {
        char **block = &blocks[(unsigned)i * 7919u % Kept];
        free(*block);
        *block = malloc(SIZE);
        CHECK(*block != NULL);
    }
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
