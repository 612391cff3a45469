/* The names of jemalloc with the prefix of the image, and what C# has to know about them.

   NAME_PREFIX       the prefix, such as _rjem_; undefined if the image has the plain names only
   PLAIN_NAMES       1 if the image exports the plain names, which it has in any case; otherwise 0
   BUILT_IN_CONF     the options of the build, in quotes */

#define PASTE(prefix, name) prefix##name
#define PREFIX(prefix, name) PASTE(prefix, name)
#define PREFIXED(name) PREFIX(NAME_PREFIX, name)
#define STRING(text) #text
#define QUOTED(text) STRING(text)

    CONSTANT quarry_has_plain_names, PLAIN_NAMES
    TEXT quarry_built_in_conf, BUILT_IN_CONF

#ifdef NAME_PREFIX
    TEXT quarry_name_prefix, QUOTED(NAME_PREFIX)

    ALIAS PREFIXED(malloc), malloc
    ALIAS PREFIXED(calloc), calloc
    ALIAS PREFIXED(realloc), realloc
    ALIAS PREFIXED(free), free
    ALIAS PREFIXED(free_sized), free_sized
    ALIAS PREFIXED(free_aligned_sized), free_aligned_sized
    ALIAS PREFIXED(posix_memalign), posix_memalign
    ALIAS PREFIXED(aligned_alloc), aligned_alloc
    ALIAS PREFIXED(memalign), memalign
    ALIAS PREFIXED(valloc), valloc
    ALIAS PREFIXED(pvalloc), pvalloc
    ALIAS PREFIXED(malloc_usable_size), malloc_usable_size
    ALIAS PREFIXED(mallocx), mallocx
    ALIAS PREFIXED(rallocx), rallocx
    ALIAS PREFIXED(xallocx), xallocx
    ALIAS PREFIXED(sallocx), sallocx
    ALIAS PREFIXED(dallocx), dallocx
    ALIAS PREFIXED(sdallocx), sdallocx
    ALIAS PREFIXED(nallocx), nallocx
    ALIAS PREFIXED(mallctl), mallctl
    ALIAS PREFIXED(mallctlnametomib), mallctlnametomib
    ALIAS PREFIXED(mallctlbymib), mallctlbymib
    ALIAS PREFIXED(malloc_stats_print), malloc_stats_print

    VARIABLE_AS quarry_prefixed_conf, PREFIXED(malloc_conf)
    VARIABLE_AS quarry_prefixed_last_conf, PREFIXED(malloc_conf_2_conf_harder)
    VARIABLE_AS quarry_prefixed_message, PREFIXED(malloc_message)
#else
    TEXT quarry_name_prefix, ""
    CONSTANT quarry_prefixed_conf, 0
    CONSTANT quarry_prefixed_last_conf, 0
    CONSTANT quarry_prefixed_message, 0
#endif
