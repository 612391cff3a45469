/* Macros for the assembly file that lists the entry points of an image:

       #include "entries.h"
       ENTRY1 malloc, quarry_malloc
       ALIAS  valloc_alias, malloc
       WEAK   __errno_location

   ENTRYn name, target    defines the C function `name` with n integer or pointer arguments, which passes
                          them, with the thread word as the last argument, to the C# method exported as
                          `target`
   FORWARD name, target   defines the C function `name`, which passes its arguments to `target` as they are
   ENTRY_RESULT name, target
                          defines the C function `name` without arguments that returns a struct of more than
                          16 bytes; `target` gets the address of the result, and returns it
   ALIAS name, existing   defines `name` as another name of `existing`
   VARIABLE name          defines the variable `name`, a null pointer that the program may define instead, and
                          quarry_weak_<name>, which C# imports; it returns the address of the variable
   VARIABLE_AS import, name
                          does the same, with another name for the C# import
   CONSTANT name, value   defines the C# import `name`, which returns a number
   TEXT name, text        defines the C# import `name`, which returns the address of zero-terminated text
   WEAK name              defines quarry_weak_<name>, which C# imports; it returns the address of the C symbol
                          `name`, or null if the process has no such symbol
   BEFORE_MAIN hook       calls the C# method exported as `hook` before main
   AT_LOAD hook           calls the method when the image is loaded
   AT_EXIT hook           calls the method on normal termination of the process
   ADDRESS name, symbol   defines the C# import `name`, which returns the address of `symbol`
   SIGNAL_ENTRY name, placeholder, heap, busy
                          defines `name`, which calls the program's signal handlers
   THREAD_OFFSET          loads the offset of a thread-local variable; THREAD_DYNAMIC selects the way for
                          images that are loaded by dlopen
   FUNCTION, END_FUNCTION enclose a hidden function written by hand

   The macros are defined in the folder of each architecture; the build selects the folder. */

#include "macros.inc"
