/* Macros for the assembly file of an image, which lists its entry points:

       #include "entries.h"
       ENTRY1 malloc, quarry_malloc
       ALIAS  valloc_alias, malloc
       WEAK   __errno_location

   ENTRYn name, target    `name` is a C function of n integer or pointer arguments; it hands them and the
                          thread word, as one more, to the C# method exported as `target`
   ALIAS name, existing   `name` is the same function as `existing`
   WEAK name              lets C# import quarry_weak_<name>, which returns the address of the C symbol `name`,
                          or null in a process that has none
   BEFORE_MAIN hook       has the C# method exported as `hook` called before main
   AT_LOAD hook           when the image is loaded
   AT_EXIT hook           and at the end of the process
   FUNCTION, END_FUNCTION bracket a hidden function written by hand

   Each architecture defines them, in a folder of its name; the build selects the folder. */

#include "macros.inc"
