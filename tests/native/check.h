// What every test program shares: named cases, a check that says where it failed, patterns, memory figures.
// It is run as `PROGRAM list` or `PROGRAM CASE [ARGUMENT...]` and exits with 0, 1 (failed) or 77 (skipped).
#ifndef CHECK_H
#define CHECK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#if defined(__GLIBC__) && !defined(CHECK_STATIC)
#include <dlfcn.h>
#endif

#define CHECK_UNUSED __attribute__((unused))
enum { CHECK_FAILED = 1, CHECK_SKIPPED = 77 };

struct check_case
{
    const char *name;
    void (*run)(void);
};

// A case registers itself: the linker gathers the pointers in a section of their own.
#define CASE(id) \
    static void case_##id(void); \
    static const struct check_case check_##id = { #id, case_##id }; \
    static const struct check_case *const check_entry_##id \
        __attribute__((used, section("check_cases"))) = &check_##id; \
    static void case_##id(void)

#ifdef __cplusplus
extern "C" {
#endif
extern const struct check_case *const __start_check_cases[];
extern const struct check_case *const __stop_check_cases[];
#ifdef __cplusplus
}
#endif

// Writes with one system call and no buffer of stdio: a failing check must not depend on the heap it tests.
static CHECK_UNUSED void check_end(int code, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5), noreturn));
static CHECK_UNUSED void check_end(int code, const char *file, int line, const char *format, ...)
{
    char text[1024];
    int length = snprintf(text, sizeof text, "%s:%d: ", file, line);
    va_list arguments;
    va_start(arguments, format);
    length += vsnprintf(text + length, sizeof text - length - 1, format, arguments);
    va_end(arguments);
    if (length > (int)sizeof text - 2)
        length = sizeof text - 2;
    text[length++] = '\n';
    if (write(2, text, length) != length)
        code = CHECK_FAILED;
    _exit(code);
}

#define CHECK(condition) \
    ((condition) ? (void)0 : check_end(CHECK_FAILED, __FILE__, __LINE__, "failed: %s", #condition))
#define CHECK_THAT(condition, format, ...) \
    ((condition) ? (void)0 : check_end(CHECK_FAILED, __FILE__, __LINE__, "failed: %s: " format, #condition, \
        ##__VA_ARGS__))
#define SKIP(...) check_end(CHECK_SKIPPED, __FILE__, __LINE__, __VA_ARGS__)

static CHECK_UNUSED int check_argc;
static CHECK_UNUSED char **check_argv;

// The case's own arguments, counted from 0.
static CHECK_UNUSED const char *check_argument(int index, const char *otherwise)
{
    return index + 2 < check_argc ? check_argv[index + 2] : otherwise;
}

// A preload that silently did not happen would let every case pass on the allocator of libc.
static CHECK_UNUSED void check_library(void)
{
#if defined(__GLIBC__) && !defined(CHECK_STATIC)
    const char *expected = getenv("CHECK_LIBRARY");
    Dl_info info;
    if (expected == NULL)
        return;
    CHECK(dladdr(dlsym(RTLD_DEFAULT, "malloc"), &info) != 0);
    CHECK_THAT(strcmp(info.dli_fname, expected) == 0, "malloc comes from %s, not %s", info.dli_fname,
        expected);
#endif
}

static CHECK_UNUSED int check_run(int argc, char **argv)
{
    check_argc = argc;
    check_argv = argv;
    if (argc < 2)
        check_end(2, argv[0], 0, "usage: PROGRAM list | CASE [ARGUMENT...]");
    for (const struct check_case *const *entry = __start_check_cases; entry < __stop_check_cases; entry++)
    {
        if (strcmp(argv[1], "list") == 0)
            puts((*entry)->name);
        else if (strcmp(argv[1], (*entry)->name) == 0)
        {
            check_library();
            (*entry)->run();
            return 0;
        }
    }
    if (strcmp(argv[1], "list") != 0)
        check_end(2, argv[0], 0, "no such case: %s", argv[1]);
    return 0;
}

// A value the compiler knows nothing about: keeps it from judging a request at compile time.
static CHECK_UNUSED size_t opaque(size_t value)
{
    __asm__ volatile("" : "+r"(value));
    return value;
}

static CHECK_UNUSED uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state * 0x2545f4914f6cdd1dULL >> 11;
}

// Sizes from 1 to 2^bits, small ones far more often, as programs have them.
static CHECK_UNUSED size_t random_size(uint64_t *state, unsigned bits)
{
    unsigned first = random_next(state) % bits, second = random_next(state) % bits;
    unsigned shift = 1 + (first < second ? first : second);
    return 1 + random_next(state) % ((size_t)1 << shift);
}

// Every word depends on the block's seed and on its offset, so a shifted or foreign copy is noticed too.
static inline uint64_t pattern_word(uint64_t seed, size_t offset)
{
    return (seed + 0x9e3779b97f4a7c15ULL) * 0xff51afd7ed558ccdULL + offset * 0xc4ceb9fe1a85ec53ULL;
}

static inline unsigned char pattern_byte(uint64_t seed, size_t offset)
{
    return (unsigned char)(pattern_word(seed, offset & ~(size_t)7) >> (offset & 7) * 8);
}

static CHECK_UNUSED void pattern_fill(void *block, size_t size, uint64_t seed)
{
    unsigned char *bytes = (unsigned char *)block;
    size_t offset = 0;
    for (; offset + 8 <= size; offset += 8)
    {
        uint64_t word = pattern_word(seed, offset);
        __builtin_memcpy(bytes + offset, &word, 8);
    }
    for (; offset < size; offset++)
        bytes[offset] = pattern_byte(seed, offset);
}

// Whether the first `size` bytes of a block that was filled with at least that many are as they were.
static CHECK_UNUSED int pattern_holds(const void *block, size_t size, uint64_t seed)
{
    const unsigned char *bytes = (const unsigned char *)block;
    uint64_t difference = 0;
    size_t offset = 0;
    for (; offset + 8 <= size; offset += 8)
    {
        uint64_t word;
        __builtin_memcpy(&word, bytes + offset, 8);
        difference |= word ^ pattern_word(seed, offset);
    }
    for (; offset < size; offset++)
        difference |= bytes[offset] ^ pattern_byte(seed, offset);
    return difference == 0;
}

static CHECK_UNUSED int all_zero(const void *block, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)block;
    unsigned char any = 0;
    for (size_t offset = 0; offset < size; offset++)
        any |= bytes[offset];
    return any == 0;
}

static CHECK_UNUSED double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

static CHECK_UNUSED void sleep_ms(unsigned milliseconds)
{
    struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000L };
    nanosleep(&time, NULL);
}

// A figure of /proc/self/status in KiB ("VmRSS:", "VmHWM:", "VmSize:").
static CHECK_UNUSED size_t status_kib(const char *name)
{
    char text[4096];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    CHECK(file >= 0);
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    CHECK(length > 0);
    text[length] = 0;
    const char *line = strstr(text, name);
    CHECK_THAT(line != NULL, "no %s in /proc/self/status", name);
    return strtoul(line + strlen(name), NULL, 10);
}

static CHECK_UNUSED void peak_reset(void)
{
    int file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    if (file >= 0)
    {
        if (write(file, "5", 1) != 1)
            SKIP("this kernel cannot reset VmHWM");
        close(file);
    }
}

#endif
