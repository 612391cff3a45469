/* The entry points of every malloc image, and the weak symbols that the C# code uses. */

#include "entries.h"

/* C and POSIX. */
    ENTRY1 malloc, quarry_malloc
    ENTRY1 free, quarry_free
    ENTRY2 calloc, quarry_calloc
    ENTRY2 realloc, quarry_realloc
    ENTRY3 reallocarray, quarry_reallocarray
    ENTRY3 posix_memalign, quarry_posix_memalign
    ENTRY2 aligned_alloc, quarry_aligned_alloc

/* C23. */
    ENTRY2 free_sized, quarry_free_sized
    ENTRY3 free_aligned_sized, quarry_free_aligned_sized

/* Older names. */
    ALIAS cfree, free
    ENTRY2 memalign, quarry_memalign
    ENTRY1 valloc, quarry_valloc
    ENTRY1 pvalloc, quarry_pvalloc
    ENTRY1 malloc_usable_size, quarry_malloc_usable_size

/* glibc's internal names, for programs that call them. */
    ALIAS __libc_malloc, malloc
    ALIAS __libc_free, free
    ALIAS __libc_calloc, calloc
    ALIAS __libc_realloc, realloc
    ALIAS __libc_memalign, memalign
    ALIAS __libc_valloc, valloc
    ALIAS __libc_pvalloc, pvalloc
    ALIAS __posix_memalign, posix_memalign

/* C++: operator new and new[]; plain, nothrow, aligned, aligned nothrow. */
    ENTRY1 _Znwm, quarry_new
    ALIAS  _Znam, _Znwm
    ENTRY2 _ZnwmRKSt9nothrow_t, quarry_new_nothrow
    ALIAS  _ZnamRKSt9nothrow_t, _ZnwmRKSt9nothrow_t
    ENTRY2 _ZnwmSt11align_val_t, quarry_new_aligned
    ALIAS  _ZnamSt11align_val_t, _ZnwmSt11align_val_t
    ENTRY3 _ZnwmSt11align_val_tRKSt9nothrow_t, quarry_new_aligned_nothrow
    ALIAS  _ZnamSt11align_val_tRKSt9nothrow_t, _ZnwmSt11align_val_tRKSt9nothrow_t

/* C++: operator delete and delete[]; plain, sized, nothrow, aligned, sized aligned, aligned nothrow. */
    ALIAS _ZdlPv, free
    ALIAS _ZdaPv, free
    ALIAS _ZdlPvm, free_sized
    ALIAS _ZdaPvm, free_sized
    ALIAS _ZdlPvRKSt9nothrow_t, free
    ALIAS _ZdaPvRKSt9nothrow_t, free
    ENTRY2 _ZdlPvSt11align_val_t, quarry_delete_aligned
    ALIAS  _ZdaPvSt11align_val_t, _ZdlPvSt11align_val_t
    ENTRY3 _ZdlPvmSt11align_val_t, quarry_delete_sized_aligned
    ALIAS  _ZdaPvmSt11align_val_t, _ZdlPvmSt11align_val_t
    ALIAS  _ZdlPvSt11align_val_tRKSt9nothrow_t, _ZdlPvSt11align_val_t
    ALIAS  _ZdaPvSt11align_val_tRKSt9nothrow_t, _ZdlPvSt11align_val_t

/* Records which file standard error is, before the program can close it. */
    AT_LOAD quarry_record_standard_error

    WEAK __errno_location
    WEAK environ
    WEAK getauxval
    WEAK pthread_key_create
    WEAK pthread_setspecific
    WEAK __register_atfork
    WEAK pthread_atfork
    WEAK fwrite
    WEAK fflush
    WEAK abort
    WEAK dlsym
    WEAK _dl_find_object
    WEAK _ZSt15get_new_handlerv
    WEAK _ZSt17__throw_bad_allocv
