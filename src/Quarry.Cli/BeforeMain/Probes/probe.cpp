// Constructs of C++. Without an argument the program only marks the start of main. With "list" it prints the
// constructs; with a number it uses that construct twice, between marks.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

// Called through a variable because a compiler may remove the allocation of an unused block.
static void *(*volatile allocate)(size_t) = std::malloc;

static void mark() { std::free(allocate(MARK_SIZE)); }

#define CONSTRUCT(...)                                      \
    if (lists)                                              \
        std::puts(#__VA_ARGS__);                            \
    else if (number++ == wanted)                            \
        for (int use = 0; use < 2; use++) {                 \
            mark();                                         \
            { __VA_ARGS__; }                                \
            mark();                                         \
        }

int main(int count, char **arguments) {
    mark();
    bool lists = count > 1 && std::strcmp(arguments[1], "list") == 0;
    int wanted = count > 1 ? std::atoi(arguments[1]) : -1;
    int number = 0;

    struct { long words[4]; } large = {};

    CONSTRUCT(delete new int(1))
    CONSTRUCT(std::cout << "hello" << std::endl)
    CONSTRUCT(std::cerr << "hello" << std::endl)
    CONSTRUCT(std::string text(15, 'x'))
    CONSTRUCT(std::string text(16, 'x'))
    CONSTRUCT(std::to_string(1))
    CONSTRUCT(std::ostringstream stream; stream << 1)
    CONSTRUCT(std::ifstream file("/etc/passwd"))
    CONSTRUCT(std::vector<int> numbers)
    CONSTRUCT(std::vector<int> numbers{1, 2, 3})
    CONSTRUCT(std::map<int, int> map{{1, 1}})
    CONSTRUCT(std::unordered_map<int, int> map{{1, 1}})
    CONSTRUCT(std::make_unique<int>(1))
    CONSTRUCT(std::make_shared<int>(1))
    CONSTRUCT(std::shared_ptr<int>(new int(1)))
    CONSTRUCT(std::function<int()> f = [&] { return number; })
    CONSTRUCT(std::function<long()> f = [large] { return large.words[0]; })
    CONSTRUCT(try { throw 1; } catch (int) { })
    CONSTRUCT(try { throw std::runtime_error("oh"); } catch (std::exception &) { })
    CONSTRUCT(std::thread([] { }).join())
    CONSTRUCT(std::async([] { return 1; }).get())
    CONSTRUCT(std::regex pattern("a+b"))
    return 0;
}
