/* The entry points in struct.S, with calls before main and at exit. */

#include "struct.S"

    BEFORE_MAIN quarry_at_main
    AT_EXIT quarry_at_exit
