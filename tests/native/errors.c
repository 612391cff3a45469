// Memory errors, one for each case, with a block of the size that the argument names. The program ends with 0
// if nothing stopped it. Which errors a mode stops or reports is listed in docs/modes.md, from these runs.
//
// By hand: LD_PRELOAD=libquarry.so QUARRY_CONF=mode:guarded,guard_interval:1 ./errors CASE SIZE
// where SIZE is small, medium, large or huge.
#include "errors.h"
#include <malloc.h>
#include <sys/mman.h>

#pragma GCC diagnostic ignored "-Wuse-after-free"
#pragma GCC diagnostic ignored "-Wfree-nonheap-object"

// The usable bytes belong to the program: the error begins behind them.
static size_t end_of(volatile char *block)
{
    return malloc_usable_size((void *)block);
}

CASE(write_behind_1)
{
    volatile char *block = block_of_argument();
    block[end_of(block)] = 7;
    free((void *)block);
}

CASE(write_behind_8)
{
    volatile char *block = block_of_argument();
    for (int i = 0; i < 8; i++)
        block[end_of(block) + i] = 7;
    free((void *)block);
}

CASE(write_behind_as_much)
{
    volatile char *block = block_of_argument();
    size_t end = end_of(block), size = size_of_argument();
    for (size_t i = 0; i < size; i++)
        block[end + i] = 7;
    free((void *)block);
}

CASE(read_behind_32)
{
    volatile char *block = block_of_argument();
    (void)block[end_of(block) + 32];
    free((void *)block);
}

CASE(write_before_1)
{
    volatile char *block = block_of_argument();
    block[-1] = 7;
    free((void *)block);
}

CASE(write_before_8)
{
    volatile char *block = block_of_argument();
    for (int i = 1; i <= 8; i++)
        block[-i] = 7;
    free((void *)block);
}

CASE(write_before_as_much)
{
    volatile char *block = block_of_argument();
    ptrdiff_t size = (ptrdiff_t)size_of_argument();
    for (ptrdiff_t i = 1; i <= size; i++)
        block[-i] = 7;
    free((void *)block);
}

CASE(read_after_free)
{
    volatile char *block = freed_block();
    (void)block[16];
}

CASE(write_after_free)
{
    volatile char *block = freed_block();
    block[16] = 7;
}

CASE(read_after_free_and_others)
{
    volatile char *block = freed_block();
    churn();
    (void)block[16];
}

CASE(write_after_free_and_others)
{
    volatile char *block = freed_block();
    churn();
    block[16] = 7;
    churn();
}

CASE(free_twice)
{
    volatile char *block = freed_block();
    free((void *)block);
}

CASE(free_twice_around_another)
{
    volatile char *other = block_of_argument(), *block = freed_block();
    free((void *)other);
    free((void *)block);
}

CASE(free_twice_by_threads)
{
    volatile char *block = block_of_argument();
    free_in_thread((void *)block);
    free_in_thread((void *)block);
}

CASE(free_twice_by_owner_and_thread)
{
    volatile char *block = freed_block();
    free_in_thread((void *)block);
}

CASE(resize_after_free)
{
    volatile char *block = freed_block();
    (void)!realloc((void *)block, 2 * size_of_argument());
}

CASE(free_inside)
{
    volatile char *block = block_of_argument();
    free((char *)block + 16);
}

CASE(free_unaligned)
{
    volatile char *block = block_of_argument();
    free((char *)block + 1);
}

CASE(free_before)
{
    volatile char *block = block_of_argument();
    free((char *)block - 16);
}

CASE(free_of_the_stack)
{
    _Alignas(16) char local[64];
    volatile char *block = block_of_argument();
    free((void *)opaque((size_t)local));
    free((void *)block);
}

CASE(resize_inside)
{
    volatile char *block = block_of_argument();
    (void)!realloc((char *)block + 16, 2 * size_of_argument());
}

CASE(resize_of_the_stack)
{
    _Alignas(16) char local[64];
    volatile char *block = block_of_argument();
    (void)!realloc((void *)opaque((size_t)local), 128);
    free((void *)block);
}

CASE(write_behind_zero)
{
    volatile char *block = block_of_argument();
    block[end_of(block)] = 0;
    free((void *)block);
}

CASE(write_after_free_at_start)
{
    volatile char *block = freed_block();
    block[0] = 7;
}

CASE(write_after_free_at_end)
{
    volatile char *block = block_of_argument();
    size_t end = end_of(block);
    free((void *)block);
    block[end - 1] = 7;
}

static void *write_it(void *block)
{
    ((volatile char *)block)[24] = 7;
    return NULL;
}

CASE(write_after_free_by_thread)
{
    volatile char *block = freed_block();
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, write_it, (void *)block) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

// Of blocks that other code holds meanwhile, if the slot was reused: then it is their block that is freed.
CASE(free_twice_after_others)
{
    volatile char *block = block_of_argument();
    void *others[4];
    for (int i = 0; i < 4; i++)
        CHECK((others[i] = malloc(size_of_argument())) != NULL);
    free((void *)block);
    for (int i = 0; i < 4; i++)
        free(others[i]);
    free((void *)block);
}

CASE(free_twice_in_turn)
{
    void *blocks[3];
    for (int i = 0; i < 3; i++)
        blocks[i] = (void *)block_of_argument();
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 3; i++)
            free(blocks[i]);
}

CASE(free_after_resize_to_nothing)
{
    volatile char *block = block_of_argument();
    (void)!realloc((void *)block, 0);
    free((void *)block);
}

CASE(free_in_the_middle)
{
    volatile char *block = block_of_argument();
    free((char *)block + size_of_argument() / 32 * 16);
}

CASE(free_behind)
{
    volatile char *block = block_of_argument();
    free((char *)block + (size_of_argument() + 15) / 16 * 16);
}

static _Alignas(16) char a_global[256];

CASE(free_of_a_global)
{
    volatile char *block = block_of_argument();
    free((void *)opaque((size_t)a_global));
    free((void *)block);
}

CASE(free_of_a_mapping)
{
    char *pages = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(pages != MAP_FAILED);
    free((void *)opaque((size_t)pages + 4096));
}

CASE(free_of_nothing_mapped)
{
    char *pages = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(pages != MAP_FAILED && munmap(pages, 1 << 20) == 0);
    free((void *)opaque((size_t)pages + 4096));
}

typedef void sized_free(void *, size_t);
typedef void aligned_free(void *, size_t, size_t);
typedef void sized_free_with_flags(void *, size_t, int);

CASE(sized_free_too_small)
{
    sized_free *function = (sized_free *)function_of_allocator("free_sized");
    function((void *)block_of_argument(), size_of_argument() - 1);
}

CASE(sized_free_too_large)
{
    sized_free *function = (sized_free *)function_of_allocator("free_sized");
    function((void *)block_of_argument(), size_of_argument() * 2);
}

// The sized operator delete of C++.
CASE(sized_delete_too_large)
{
    sized_free *function = (sized_free *)function_of_allocator("_ZdlPvm");
    function((void *)block_of_argument(), size_of_argument() + 8);
}

CASE(sized_free_with_flags_too_small)
{
    sized_free_with_flags *function = (sized_free_with_flags *)function_of_allocator("sdallocx");
    function((void *)block_of_argument(), size_of_argument() / 2, 0);
}

CASE(aligned_free_of_too_much_alignment)
{
    aligned_free *function = (aligned_free *)function_of_allocator("free_aligned_sized");
    const size_t alignment = (size_t)1 << 22;
    char *block;
    do
        block = (char *)block_of_argument();
    while ((size_t)block % alignment == 0);
    function(block, alignment, size_of_argument());
}

// What an attacker tries: here the program ends with 3 if that does not succeed.
static _Noreturn void defeat(void)
{
    _exit(3);
}

CASE(reuse_at_once)
{
    volatile char *block = freed_block();
    if (malloc(size_of_argument()) != (void *)block)
        defeat();
}

CASE(reuse_among_the_next_three)
{
    volatile char *block = freed_block();
    for (int i = 0; i < 3; i++)
        if (malloc(size_of_argument()) == (void *)block)
            return;
    defeat();
}

// Whether the distance of two blocks is known in advance: that of most of a number of blocks.
CASE(distance_of_blocks)
{
    enum { BLOCKS = 32 };
    char *blocks[BLOCKS];
    int same = 0;
    for (int i = 0; i < BLOCKS; i++)
        CHECK((blocks[i] = malloc(size_of_argument())) != NULL);
    for (int i = 2; i < BLOCKS; i++)
        same += blocks[i] - blocks[i - 1] == blocks[i - 1] - blocks[i - 2];
    if (same < BLOCKS / 2)
        defeat();
}

// Whether a block that is not initialized shows what another one held.
CASE(old_contents_at_reuse)
{
    size_t size = size_of_argument();
    int rounds = size < 1 << 20 ? 600 : 40;
    for (int round = 0; round < rounds; round++)
    {
        char *block = malloc(size);
        CHECK(block != NULL);
        for (size_t at = 16; at < size; at += 16)
            if (*(volatile char *)(block + at) == 0x33)
                return;
        memset((void *)opaque((size_t)block), 0x33, size);
        free(block);
    }
    defeat();
}

// Also a fault: a signal that no error has caused must still end the program, and reach its own handler.
CASE(fault_elsewhere)
{
    volatile char *block = block_of_argument();
    free((void *)block);
    *(volatile char *)opaque(8) = 1;
}

// A wrong call at a stack that cannot be walked. The process has to end in the call.
CASE(free_twice_without_caller)
{
    char *block = (char *)block_of_argument();
    free(block);
#if defined(__x86_64__)
    __asm__ volatile("xorl %%ebp, %%ebp; andq $-16, %%rsp; pushq $0; jmp *%1"
                     : : "D"(block), "a"((void *)free) : "memory");
#else
    __asm__ volatile("mov x0, %0; mov x29, xzr; mov x30, xzr; br %1"
                     : : "r"(block), "r"((void *)free) : "x0", "memory");
#endif
    __builtin_unreachable();
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
