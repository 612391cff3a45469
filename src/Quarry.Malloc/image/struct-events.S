/* The same, with calls at the start and the end of the program. */

#include "struct.S"

    BEFORE_MAIN quarry_at_main
    AT_EXIT quarry_at_exit
