// A library with thread-local storage that must be where every thread has it from its start.
static __thread volatile char storage[SIZE] __attribute__((tls_model("initial-exec"), aligned(8)));

char *static_storage(void)
{
    return (char *)storage;
}
