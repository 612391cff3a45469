// Walks through modules that come and go, and over stacks that cannot be walked.
#include "stacks_compare.h"

// ---- Modules

static int find_module(struct dl_phdr_info *info, size_t, void *argument)
{
    const struct stacks_module *module = (const struct stacks_module *)argument;
    if (info->dlpi_addr != module->load_bias)
        return 0;
    for (int index = 0; index < info->dlpi_phnum; index++)
    {
        const ElfW(Phdr) &header = info->dlpi_phdr[index];
        uintptr_t start = info->dlpi_addr + header.p_vaddr;
        if (header.p_type == PT_LOAD && (start < module->start || start + header.p_memsz > module->end))
            return 0;
        if (header.p_type == PT_NOTE && header.p_align == 4)
            CHECK(memmem((void *)start, header.p_memsz, module->build_id, module->build_id_length) != NULL);
    }
    return 1;
}

CASE(modules_are_reported_once)
{
    open_walker();
    for (int turn = 0; turn < 3; turn++)
        mixed();
    uintptr_t count = 0;
    const struct stacks_module *module;
    for (; (module = stacks_module(count)) != NULL; count++)
    {
        CHECK(module->build_id_length == 20 || module->build_id_length == 16);
        CHECK_THAT(dl_iterate_phdr(find_module, (void *)module) == 1, "%s", module->path);
        for (uintptr_t other = 0; other < count; other++)
            CHECK(stacks_module(other)->start != module->start);
    }
    CHECK_THAT(count >= 2, "%lu", count);
}

// Two builds of one library, with frames of different sizes, are loaded at one address in turn.
CASE(library_replaced_by_another)
{
    open_walker();
    uintptr_t first = 0;
    int same_address = 0;
    for (int turn = 0; turn < 20; turn++)
    {
        void *library = dlopen(check_argument(1 + turn % 2, ""), RTLD_NOW);
        CHECK_THAT(library != NULL, "%s", dlerror());
        void (*call)(void (*)(void)) = (void (*)(void (*)(void)))dlsym(library, "call");
        CHECK(call != NULL);
        uintptr_t before = 0;
        while (stacks_module(before) != NULL)
            before++;
        call(compare);
        first = turn == 0 ? (uintptr_t)call : first;
        same_address += first == (uintptr_t)call;
        CHECK_THAT(stacks_module(before) != NULL, "turn %d", turn);
        CHECK(dlclose(library) == 0);
    }
    CHECK_THAT(same_address >= 10, "%d", same_address);
}

// ---- What cannot be walked

__asm__(
    ".text\n"
    "without_frame:\n"
    "    push %rbx\n"
    "    push %rbp\n"
    "    mov $0x1234567, %ebp\n"
    "    sub $0x108, %rsp\n"
    "    call *%rdi\n"
    "    add $0x108, %rsp\n"
    "    pop %rbp\n"
    "    pop %rbx\n"
    "    ret\n");
extern "C" void without_frame(void (*leaf)(void));

CASE(code_without_frame)
{
    open_walker();
    without_frame([] {
        void *addresses[FRAMES];
        int end;
        CHECK(stacks_walk(walker, addresses, FRAMES, &end) == 2);
        CHECK(end == STACKS_BROKEN);
    });
}

static jmp_buf back;
static ucontext_t damaged_context;
static uint64_t seed;
static char *stack_end;

static NOINLINE void damage(void)
{
    uint64_t *words = (uint64_t *)__builtin_frame_address(0);
    size_t count = (uint64_t *)stack_end - words;
    uint64_t known[] = {
        0, 1, (uint64_t)words, (uint64_t)stack_end, (uint64_t)&compare + 9, (uint64_t)&printf + 5,
        (uint64_t)stack_end - 4096, (uint64_t)words + 16, (uint64_t)&words[count / 2], ~0ull, 1ull << 46,
    };
    for (size_t index = 0; index < count; index++)
    {
        uint64_t choice = random_next(&seed);
        words[index] = choice % 3 == 0 ? random_next(&seed) << 11
            : choice % 3 == 1 ? (uint64_t)&words[random_next(&seed) % count]
            : known[random_next(&seed) % (sizeof known / sizeof *known)];
    }
    void *addresses[FRAMES];
    int end, walked = stacks_walk(walker, addresses, FRAMES, &end);
    CHECK(walked >= 1 && walked <= FRAMES);
    longjmp(back, 1);
}

CASE(damaged_stack)
{
    open_walker();
    enum { BYTES = 65536, PAGE = 4096 };
    char *memory = (char *)mmap(NULL, BYTES + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(memory != MAP_FAILED && mprotect(memory + PAGE, BYTES, PROT_READ | PROT_WRITE) == 0);
    stack_end = memory + PAGE + BYTES;
    for (int turn = 0; turn < 3000; turn++)
    {
        seed = turn + 1;
        if (setjmp(back) == 0)
        {
            CHECK(getcontext(&damaged_context) == 0);
            damaged_context.uc_stack.ss_sp = memory + PAGE;
            damaged_context.uc_stack.ss_size = BYTES;
            makecontext(&damaged_context, damage, 0);
            setcontext(&damaged_context);
        }
    }
}

int main(int argc, char **argv) { return check_run(argc, argv); }
