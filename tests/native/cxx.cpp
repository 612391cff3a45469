// The twenty C++ operators, the new-handler, exceptions, and the library code that stands on them.
#include "check.h"
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unordered_map>
#include <vector>

namespace
{
constexpr std::size_t huge = std::size_t(1) << 60;

void check_block(void *block, std::size_t size, std::size_t alignment)
{
    CHECK(block != nullptr);
    CHECK_THAT(reinterpret_cast<std::uintptr_t>(block) % alignment == 0, "%zu, alignment %zu", size,
        alignment);
    pattern_fill(block, size, size);
    CHECK(pattern_holds(block, size, size));
}

std::size_t default_alignment(std::size_t size)
{
    return size > 8 ? 16 : 8;
}

// Restores whatever handler was there, however the case ends.
struct handler_scope
{
    std::new_handler before;
    explicit handler_scope(std::new_handler handler) : before(std::set_new_handler(handler)) {}
    ~handler_scope() { std::set_new_handler(before); }
};

int handler_calls;

// A limit lowered later would not bind an allocator that has reserved its address space.
void require_address_space_limit()
{
    rlimit limit{};
    CHECK(getrlimit(RLIMIT_AS, &limit) == 0);
    if (limit.rlim_cur == RLIM_INFINITY)
        SKIP("runs under an address-space limit only");
}

template <typename Operation>
bool throws_bad_alloc(Operation operation)
{
    try
    {
        operation();
    }
    catch (const std::bad_alloc &)
    {
        return true;
    }
    return false;
}
}

CASE(operators_are_in_one_library)
{
    const char *const names[] = {
        "_Znwm", "_ZnwmRKSt9nothrow_t", "_ZnwmSt11align_val_t", "_ZnwmSt11align_val_tRKSt9nothrow_t",
        "_Znam", "_ZnamRKSt9nothrow_t", "_ZnamSt11align_val_t", "_ZnamSt11align_val_tRKSt9nothrow_t",
        "_ZdlPv", "_ZdlPvm", "_ZdlPvRKSt9nothrow_t", "_ZdlPvSt11align_val_t", "_ZdlPvmSt11align_val_t",
        "_ZdlPvSt11align_val_tRKSt9nothrow_t",
        "_ZdaPv", "_ZdaPvm", "_ZdaPvRKSt9nothrow_t", "_ZdaPvSt11align_val_t", "_ZdaPvmSt11align_val_t",
        "_ZdaPvSt11align_val_tRKSt9nothrow_t",
    };
    Dl_info expected, info;
    CHECK(dladdr(dlsym(RTLD_DEFAULT, "malloc"), &expected) != 0);
    for (const char *name : names)
    {
        void *address = dlsym(RTLD_DEFAULT, name);
        CHECK_THAT(address != nullptr && dladdr(address, &info) != 0, "no %s", name);
        CHECK_THAT(strcmp(info.dli_fname, expected.dli_fname) == 0, "%s comes from %s", name, info.dli_fname);
    }
}

CASE(plain_operators)
{
    for (std::size_t size = 0; size < 3000000; size = size < 3000 ? size + 1 : size + size / 3)
    {
        void *block = ::operator new(size), *array = ::operator new[](size);
        check_block(block, size, default_alignment(size));
        check_block(array, size, default_alignment(size));
        CHECK(block != array);
        ::operator delete(block);
        ::operator delete[](array);
    }
}

CASE(sized_operators)
{
    for (std::size_t size = 0; size < 3000000; size = size < 3000 ? size + 1 : size + size / 3)
    {
        void *block = ::operator new(size), *array = ::operator new[](size);
        check_block(block, size, default_alignment(size));
        check_block(array, size, default_alignment(size));
        ::operator delete(block, size);
        ::operator delete[](array, size);
    }
    CHECK(status_kib("VmHWM:") < 100 * 1024);
}

CASE(nothrow_operators)
{
    for (std::size_t size = 0; size < 3000000; size = size < 3000 ? size + 1 : size + size / 3)
    {
        void *block = ::operator new(size, std::nothrow), *array = ::operator new[](size, std::nothrow);
        check_block(block, size, default_alignment(size));
        check_block(array, size, default_alignment(size));
        ::operator delete(block, std::nothrow);
        ::operator delete[](array, std::nothrow);
    }
}

CASE(aligned_operators)
{
    for (std::size_t alignment = 1; alignment <= 1 << 22; alignment *= 2)
    {
        std::align_val_t value{alignment};
        for (std::size_t size = 0; size < 3000000; size = size * 2 + 7)
        {
            void *blocks[] = {
                ::operator new(size, value), ::operator new(size, value),
                ::operator new(size, value, std::nothrow),
                ::operator new[](size, value), ::operator new[](size, value),
                ::operator new[](size, value, std::nothrow),
            };
            for (void *block : blocks)
                check_block(block, size, alignment);
            ::operator delete(blocks[0], value);
            ::operator delete(blocks[1], size, value);
            ::operator delete(blocks[2], value, std::nothrow);
            ::operator delete[](blocks[3], value);
            ::operator delete[](blocks[4], size, value);
            ::operator delete[](blocks[5], value, std::nothrow);
        }
    }
}

CASE(delete_of_null_does_nothing)
{
    void *null = reinterpret_cast<void *>(opaque(0));
    std::align_val_t value{64};
    ::operator delete(null);
    ::operator delete(null, std::size_t(8));
    ::operator delete(null, std::nothrow);
    ::operator delete(null, value);
    ::operator delete(null, std::size_t(8), value);
    ::operator delete(null, value, std::nothrow);
    ::operator delete[](null);
    ::operator delete[](null, std::size_t(8));
    ::operator delete[](null, std::nothrow);
    ::operator delete[](null, value);
    ::operator delete[](null, std::size_t(8), value);
    ::operator delete[](null, value, std::nothrow);
}

CASE(delete_keeps_errno)
{
    for (std::size_t size = 1; size < 100000000; size = size * 3 + 1)
    {
        void *block = ::operator new(size);
        errno = 77;
        ::operator delete(block, size);
        CHECK(errno == 77);
    }
}

// What C++ programs mix in practice, and what every allocator behind both names must bear.
CASE(malloc_and_new_share_a_heap)
{
    for (std::size_t size = 1; size < 1000000; size = size * 2 + 1)
    {
        std::free(::operator new(size));
        ::operator delete(std::malloc(size));
        std::free(::operator new(size, std::align_val_t(256)));
    }
}

CASE(failing_new_throws_bad_alloc)
{
    std::align_val_t value{64};
    for (std::size_t size : { huge, std::size_t(PTRDIFF_MAX), SIZE_MAX - 4096, SIZE_MAX })
    {
        size = opaque(size);
        CHECK(throws_bad_alloc([=] { ::operator delete(::operator new(size)); }));
        CHECK(throws_bad_alloc([=] { ::operator delete[](::operator new[](size)); }));
        CHECK(throws_bad_alloc([=] { ::operator delete(::operator new(size, value), value); }));
        CHECK(throws_bad_alloc([=] { ::operator delete[](::operator new[](size, value), value); }));
    }
    CHECK(throws_bad_alloc([] { std::vector<char> vector(opaque(huge)); }));
}

CASE(failing_nothrow_new_returns_null)
{
    std::align_val_t value{64};
    for (std::size_t size : { huge, std::size_t(PTRDIFF_MAX), SIZE_MAX - 4096, SIZE_MAX })
    {
        size = opaque(size);
        CHECK(::operator new(size, std::nothrow) == nullptr);
        CHECK(::operator new[](size, std::nothrow) == nullptr);
        CHECK(::operator new(size, value, std::nothrow) == nullptr);
        CHECK(::operator new[](size, value, std::nothrow) == nullptr);
    }
}

CASE(failing_new_calls_the_handler_until_it_gives_up)
{
    handler_scope scope([] {
        if (++handler_calls % 5 == 0)
            throw std::bad_alloc();
    });
    CHECK(throws_bad_alloc([] { ::operator delete(::operator new(opaque(huge))); }) && handler_calls == 5);
    CHECK(throws_bad_alloc([] { ::operator delete[](::operator new[](opaque(huge))); })
        && handler_calls == 10);
    std::align_val_t value{64};
    CHECK(throws_bad_alloc([=] { ::operator delete(::operator new(opaque(huge), value), value); }));
    CHECK(handler_calls == 15);
}

CASE(handler_that_removes_itself)
{
    handler_scope scope([] {
        if (++handler_calls == 3)
            std::set_new_handler(nullptr);
    });
    CHECK(throws_bad_alloc([] { ::operator delete(::operator new(opaque(huge))); }));
    CHECK_THAT(handler_calls == 3, "%d calls", handler_calls);
}

CASE(handler_that_throws_its_own_exception)
{
    struct no_memory : std::bad_alloc
    {
        int code = 42;
    };
    handler_scope scope([] { throw no_memory(); });
    int code = 0;
    try
    {
        ::operator delete(::operator new(opaque(huge)));
    }
    catch (const no_memory &exception)
    {
        code = exception.code;
    }
    CHECK(code == 42);
}

CASE(nothrow_new_calls_the_handler)
{
    handler_scope scope([] {
        if (++handler_calls == 3)
            std::set_new_handler(nullptr);
    });
    CHECK(::operator new(opaque(huge), std::nothrow) == nullptr);
    CHECK_THAT(handler_calls == 3, "%d calls", handler_calls);
}

CASE(nothrow_new_returns_null_when_the_handler_throws)
{
    handler_scope scope([] { throw std::bad_alloc(); });
    CHECK(::operator new(opaque(huge), std::nothrow) == nullptr);
    CHECK(::operator new[](opaque(huge), std::nothrow) == nullptr);
    CHECK(::operator new(opaque(huge), std::align_val_t(64), std::nothrow) == nullptr);
}

// Started under a limit of 256 MiB: room for one such block.
CASE(handler_that_makes_room)
{
    constexpr std::size_t block_size = 140 << 20;
    require_address_space_limit();
    static void *reserve = ::operator new(block_size);
    handler_scope scope([] {
        handler_calls++;
        if (reserve == nullptr)
            throw std::bad_alloc();
        ::operator delete(reserve);
        reserve = nullptr;
    });
    void *block = ::operator new(opaque(block_size));
    CHECK(block != nullptr && handler_calls == 1);
    ::operator delete(block, block_size);
}

CASE(exceptions_under_exhausted_memory)
{
    require_address_space_limit();
    for (int round = 0; round < 5; round++)
    {
        std::vector<std::unique_ptr<char[]>> blocks;
        blocks.reserve(100000);
        CHECK(throws_bad_alloc([&] {
            for (;;)
                blocks.emplace_back(new char[10000]);
        }));
        CHECK_THAT(blocks.size() > 100, "round %d: %zu blocks", round, blocks.size());
        bool caught = false;
        try
        {
            throw std::logic_error("short");
        }
        catch (const std::exception &)
        {
            caught = true;
        }
        CHECK(caught);
    }
}

CASE(exceptions_in_threads)
{
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; i++)
        threads.emplace_back([i] {
            for (int k = 0; k < 2000; k++)
            {
                std::string what = "a long exception text " + std::to_string(i) + " " + std::to_string(k);
                try
                {
                    throw std::runtime_error(what);
                }
                catch (const std::exception &exception)
                {
                    CHECK(what == exception.what());
                }
            }
        });
    for (std::thread &thread : threads)
        thread.join();
}

namespace
{
struct alignas(128) aligned_node
{
    std::uint64_t words[32];
    explicit aligned_node(std::uint64_t seed) { pattern_fill(words, sizeof words, seed); }
    virtual ~aligned_node() = default;
    bool holds(std::uint64_t seed) const { return pattern_holds(words, sizeof words, seed); }
};

struct alignas(4096) aligned_page : aligned_node
{
    char more[5000] = {};
    using aligned_node::aligned_node;
};
}

CASE(over_aligned_types)
{
    std::vector<std::unique_ptr<aligned_node>> nodes;
    for (std::uint64_t i = 0; i < 3000; i++)
    {
        if (i % 3 == 0)
            nodes.push_back(std::make_unique<aligned_page>(i));
        else
            nodes.push_back(std::make_unique<aligned_node>(i));
        CHECK(reinterpret_cast<std::uintptr_t>(nodes.back().get()) % (i % 3 == 0 ? 4096 : 128) == 0);
    }
    for (std::uint64_t i = 0; i < nodes.size(); i++)
        CHECK(nodes[i]->holds(i));
    std::unique_ptr<aligned_node[]> array(static_cast<aligned_node *>(nullptr));
    std::vector<aligned_node> values;
    for (std::uint64_t i = 0; i < 1000; i++)
        values.emplace_back(i);
    for (std::uint64_t i = 0; i < values.size(); i++)
        CHECK(values[i].holds(i) && reinterpret_cast<std::uintptr_t>(&values[i]) % 128 == 0);
}

CASE(containers)
{
    std::map<std::string, std::vector<int>> ordered;
    std::unordered_map<int, std::shared_ptr<std::string>> hashed;
    for (int i = 0; i < 20000; i++)
    {
        std::string key = "a key long enough to live on the heap " + std::to_string(i % 5000);
        ordered[key].push_back(i);
        hashed[i] = std::make_shared<std::string>(key);
        if (i % 7 == 0)
            hashed.erase(i / 2);
    }
    std::size_t count = 0;
    for (const auto &[key, values] : ordered)
    {
        for (int value : values)
            CHECK(key.ends_with(" " + std::to_string(value % 5000)));
        count += values.size();
    }
    CHECK(count == 20000);
    for (const auto &[key, value] : hashed)
        CHECK(value->ends_with(" " + std::to_string(key % 5000)));
}

int main(int argc, char **argv)
{
    return check_run(argc, argv);
}
