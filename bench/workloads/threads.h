// Threads for the workloads: start and join with a check, and a ring that hands pointers from one thread to
// one other.
#pragma once
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include "common.h"

static inline pthread_t thread_start(void* (*body)(void*), void* argument) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, body, argument) != 0) {
        fprintf(stderr, "no thread\n");
        abort();
    }
    return thread;
}

static inline void thread_join(pthread_t thread) {
    if (pthread_join(thread, NULL) != 0) abort();
}

enum { MaxThreads = 64 };

// Runs a body on several threads, each with the next of an array of arguments, and waits for their end.
static inline void threads_run(uint64_t count, void* (*body)(void*), void* arguments, size_t size) {
    pthread_t threads[MaxThreads];
    for (uint64_t i = 0; i < count; i++) threads[i] = thread_start(body, (char*)arguments + i * size);
    for (uint64_t i = 0; i < count; i++) thread_join(threads[i]);
}

enum { RingSize = 4096, RingBatch = 64 };

// One producer, one consumer, no lock. Each side tells the other of its progress once a batch and has a cache
// line of its own; otherwise the ring would be measured rather than the allocator. The number of pointers is
// a multiple of a batch.
typedef struct {
    _Alignas(128) atomic_size_t put;
    _Alignas(128) atomic_size_t taken;
    _Alignas(128) size_t head;
    _Alignas(128) size_t tail;
    void* slots[RingSize];
} Ring;

static inline void ring_put(Ring* ring, void* pointer) {
    if (ring->head % RingBatch == 0) {
        size_t full = ring->head - RingSize;
        while (atomic_load_explicit(&ring->taken, memory_order_acquire) == full) sched_yield();
    }
    ring->slots[ring->head++ % RingSize] = pointer;
    if (ring->head % RingBatch == 0) atomic_store_explicit(&ring->put, ring->head, memory_order_release);
}

static inline void* ring_take(Ring* ring) {
    if (ring->tail % RingBatch == 0) {
        size_t empty = ring->tail;
        while (atomic_load_explicit(&ring->put, memory_order_acquire) == empty) sched_yield();
    }
    void* pointer = ring->slots[ring->tail++ % RingSize];
    if (ring->tail % RingBatch == 0) atomic_store_explicit(&ring->taken, ring->tail, memory_order_release);
    return pointer;
}
