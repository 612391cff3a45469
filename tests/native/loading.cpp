// The edges of a process's life: before main, at exit, thread-local objects, libraries loaded on the way.
#include "check.h"
#include <link.h>
#include <pthread.h>
#include <sys/wait.h>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace
{
constexpr int early_count = 200;
void *early_blocks[3][early_count];
int early_stages;

std::size_t early_size(int i)
{
    return 1 + static_cast<std::size_t>(i) * i * 7 % 100000;
}

void allocate_early(int stage)
{
    for (int i = 0; i < early_count; i++)
    {
        early_blocks[stage][i] = malloc(early_size(i));
        CHECK(early_blocks[stage][i] != nullptr);
        pattern_fill(early_blocks[stage][i], early_size(i), stage * 1000 + i);
    }
    early_stages |= 1 << stage;
}

void in_preinit(int, char **, char **)
{
    allocate_early(0);
}

// Runs before the constructors of every shared library, the allocator's own included.
__attribute__((section(".preinit_array"), used)) void (*const preinit)(int, char **, char **) = in_preinit;

__attribute__((constructor(101))) void in_first_constructor()
{
    allocate_early(1);
}

struct global_object
{
    std::string text{"a global object with a text too long to be kept inside"};
    std::vector<std::unique_ptr<int>> numbers;
    global_object()
    {
        allocate_early(2);
        for (int i = 0; i < 1000; i++)
            numbers.push_back(std::make_unique<int>(i));
    }
    ~global_object()
    {
        for (int i = 0; i < 1000; i++)
            CHECK(*numbers[i] == i);
        numbers.clear();
        free(malloc(100000));
    }
};
global_object global;

int token_pipe[2];

// Tells the parent that a handler ran to its end; the allocator works until the very last of them.
void report(char token)
{
    for (std::size_t size = 1; size < 1000000; size = size * 3 + 1)
    {
        void *block = malloc(size);
        CHECK(block != nullptr);
        pattern_fill(block, size, size);
        free(realloc(block, size * 2));
    }
    CHECK(write(token_pipe[1], &token, 1) == 1);
}

__attribute__((destructor(101))) void in_last_destructor()
{
    if (token_pipe[1] != 0)
        report('Z');
}

// Runs an ending in a child and compares the tokens its handlers sent.
void expect_tokens(const char *expected, void (*ending)())
{
    CHECK(pipe(token_pipe) == 0);
    pid_t child = fork();
    if (child == 0)
    {
        ending();
        _exit(1);
    }
    close(token_pipe[1]);
    token_pipe[1] = 0;
    char tokens[32] = "";
    std::size_t count = 0;
    for (ssize_t length; (length = read(token_pipe[0], tokens + count, sizeof tokens - 1 - count)) > 0;)
        count += length;
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_THAT(status == 0, "status 0x%x after %s", status, tokens);
    CHECK_THAT(strcmp(tokens, expected) == 0, "%s, not %s", tokens, expected);
}

struct thread_object
{
    void *block = malloc(5000);
    std::string text = std::string(1000, 'x');
    thread_object() { pattern_fill(block, 5000, 1); }
    ~thread_object()
    {
        CHECK(pattern_holds(block, 5000, 1) && text.size() == 1000);
        free(block);
        for (std::size_t size = 1; size < 300000; size = size * 3 + 1)
            free(malloc(size));
        destroyed++;
    }
    static std::atomic<int> destroyed;
};
std::atomic<int> thread_object::destroyed;
thread_local thread_object of_this_thread;
}

CASE(blocks_from_before_main_are_good)
{
    CHECK(early_stages == 7);
    for (int stage = 0; stage < 3; stage++)
    {
        for (int i = 0; i < early_count; i++)
        {
            CHECK(pattern_holds(early_blocks[stage][i], early_size(i), stage * 1000 + i));
            if (i % 2 == 0)
                early_blocks[stage][i] = realloc(early_blocks[stage][i], early_size(i) + 3000);
            CHECK(pattern_holds(early_blocks[stage][i], early_size(i), stage * 1000 + i));
        }
    }
    std::thread([] {
        for (auto &stage : early_blocks)
            for (void *block : stage)
                free(block);
    }).join();
    CHECK(global.text.size() > 40);
}

CASE(exit_handlers_and_destructors)
{
    expect_tokens("321Z", [] {
        atexit([] { report('1'); });
        atexit([] { report('2'); });
        on_exit([](int, void *block) { free(block); report('3'); }, malloc(1000));
        exit(0);
    });
}

CASE(return_from_main_is_exit)
{
    expect_tokens("1Z", [] {
        atexit([] { report('1'); });
        std::thread([] { exit(0); }).join();
    });
}

CASE(quick_exit_handlers)
{
    expect_tokens("1", [] {
        at_quick_exit([] { report('1'); });
        quick_exit(0);
    });
}

CASE(thread_local_objects)
{
    constexpr int rounds = 50, threads = 10;
    for (int round = 0; round < rounds; round++)
    {
        std::vector<std::thread> alive;
        for (int i = 0; i < threads; i++)
            alive.emplace_back([] { CHECK(of_this_thread.text.size() == 1000); });
        for (std::thread &thread : alive)
            thread.join();
    }
    CHECK_THAT(thread_object::destroyed == rounds * threads, "%d destroyed", thread_object::destroyed.load());
    CHECK(status_kib("VmHWM:") < 100 * 1024);
}

// Keys' destructors run after thread-local objects, and may use the heap for the last time of all.
CASE(key_destructor_after_thread_local_objects)
{
    static pthread_key_t key;
    static std::atomic<int> calls;
    CHECK(pthread_key_create(&key, [](void *value) {
        free(value);
        for (std::size_t size = 1; size < 300000; size = size * 3 + 1)
            free(malloc(size));
        calls++;
    }) == 0);
    for (int i = 0; i < 200; i++)
        std::thread([] {
            pthread_setspecific(key, malloc(1000));
            CHECK(of_this_thread.text.size() == 1000);
        }).join();
    CHECK(calls == 200 && thread_object::destroyed == 200);
}

CASE(libraries_loaded_and_unloaded)
{
    const char *const names[] = {
        "libm.so.6", "libz.so.1", "libresolv.so.2", "librt.so.1", "libutil.so.1", "liblzma.so.5",
    };
    int loaded = 0;
    for (int round = 0; round < 20; round++)
    {
        for (const char *name : names)
        {
            free(malloc(1000));
            if (void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL))
            {
                loaded++;
                CHECK(dlclose(library) == 0);
            }
            dlerror();
        }
    }
    CHECK(loaded > 0);
}

CASE(library_loaded_with_deepbind)
{
    for (int round = 0; round < 20; round++)
    {
        void *library = dlopen("libstdc++.so.6", RTLD_NOW | RTLD_DEEPBIND);
        CHECK_THAT(library != nullptr, "%s", dlerror());
        CHECK(dlclose(library) == 0);
    }
}

// The allocator's own share of the static thread-local storage, which libraries loaded late compete for.
CASE(thread_local_storage_is_small)
{
    struct found
    {
        const char *library;
        std::size_t size;
    } result{getenv("CHECK_LIBRARY"), 0};
    if (result.library == nullptr)
        SKIP("no library under test");
    dl_iterate_phdr([](dl_phdr_info *info, std::size_t, void *data) {
        found *wanted = static_cast<found *>(data);
        if (strcmp(info->dlpi_name, wanted->library) == 0)
            for (int i = 0; i < info->dlpi_phnum; i++)
                if (info->dlpi_phdr[i].p_type == PT_TLS)
                    wanted->size = info->dlpi_phdr[i].p_memsz;
        return 0;
    }, &result);
    CHECK_THAT(result.size <= 16, "%zu bytes", result.size);
}

CASE(standard_files_closed)
{
    for (int i = 0; i < 3; i++)
        close(i);
    for (std::size_t size = 1; size < 10000000; size = size * 2 + 1)
        free(malloc(size));
    std::thread([] { free(malloc(100000)); }).join();
}

CASE(environment_cleared)
{
    clearenv();
    environ = nullptr;
    for (std::size_t size = 1; size < 10000000; size = size * 2 + 1)
        free(malloc(size));
    CHECK(setenv("A", "1", 1) == 0 && strcmp(getenv("A"), "1") == 0);
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
