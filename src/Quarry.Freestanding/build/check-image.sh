#!/bin/sh
# Checks a native image and explains in terms of C# what is wrong with it.
#   check-image.sh ILC OBJECT ENTRIES IMAGE EXPORTS UNDEFINED FASTPATHS
# OBJECT is what ilc wrote, ENTRIES the assembled entries.S, IMAGE the linked library; the rest are the lists
# of the image, each one file or several with colons between them; errors are reported in the last. ILC is the
# compiler, which is asked once more, with OBJECT.plain.rsp, to find the line of a mistake.
# Prints errors in the form MSBuild reads, one a line; the exit code says whether there were any.

set -u
LC_ALL=C
export LC_ALL

ilc=$1
object=$2
entries=$3
image=$4
export_lists=$5
undefined_lists=$6
fastpath_lists=$7
exports=${export_lists##*:}
undefined=${undefined_lists##*:}
fastpaths=${fastpath_lists##*:}
failed=0

# error ORIGIN CODE TEXT
error() {
    echo "$1 : error $2: $3"
    failed=1
}

# names LISTS: their lines, without comments and blank ones.
names() {
    echo "$1" | tr ':' '\n' | while read -r list; do
        [ -z "$list" ] || sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$list"
    done | sort -u
}

# places SYMBOL: where C# refers to it, as FILE(LINE), each once; `___cctor` is a static constructor itself.
# Inlined code is said to be of the method that it is inlined into. So these are the places in code that is
# compiled without optimisation. The core library is nobody's mistake.
places() {
    if [ ! -f "$object.places" ]; then
        "$ilc" "@$object.plain.rsp" > /dev/null 2>&1
        objdump -dlr -w --no-show-raw-insn "$object.plain" 2> /dev/null | awk '
            /^[0-9a-f]+ </ {
                place = ""
                constructor = /___cctor>:$/
            }
            /^\// && /:[0-9]+$/ {
                place = $0
                sub(/:[0-9]+$/, "", place)
                line = $0
                sub(/.*:/, "", line)
                place = place "(" line ")"
                if (constructor) print "___cctor", place
            }
            /: R_[A-Z]/ {
                symbol = $NF
                sub(/[-+]0x[0-9a-f]+$/, "", symbol)
                # Code refers to a cell of the call, and the cell to the symbol.
                if (symbol ~ /InterfaceDispatchCell/) symbol = "RhpInitialDynamicInterfaceDispatch"
                if (place != "" && place !~ /\/corelib\//) print symbol, place
            }' | sort -u > "$object.places"
    fi
    sed -n "s/^$1 //p" "$object.places"
}

# mistake SYMBOL CODE ORIGIN TEXT: an error for each place, or for the file if none is known.
mistake() {
    found=$(places "$1")
    failed=1
    if [ -n "$found" ]; then
        echo "$found" | while read -r place; do
            echo "$place: error $2: $4"
        done
    else
        error "$3" "$2" "$4"
    fi
}

rm -f "$object.places"

# Static constructors: nobody would run them, and the field would silently stay 0.
for symbol in $(nm "$object" | awk '{ print $NF }' |
    grep -E '__EagerCctor|__GetNonGCStaticBase_|__GetGCStaticBase_|ThreadStatic'); do
    mistake ___cctor QRY010 "$object" "static constructor or thread static: a static field has an initialiser \
that ilc cannot compute, or is [ThreadStatic]; an image has nobody to run it. Assign the field in an \
explicit initialisation method, or make it a constant. ($symbol)"
done

# What the image asks the process for; nothing is said of what is no C#.
explain_undefined() {
    case $1 in
        RhpNew* | RhNew*) echo "\`new\` of a class, an array or a delegate; there is no managed heap" ;;
        RhBox* | RhUnbox*) echo "boxing: a struct passed as object or interface" ;;
        Rhp*AssignRef* | RhpStelem* | RhpLdelema*) echo "storing a reference; keep unmanaged data only" ;;
        Rhp*Dispatch* | RhpResolve*) echo "an interface called by reference; use \`where T : struct\`" ;;
        RhpThrow* | RhpRethrow*) echo "\`throw\`; there are no exceptions" ;;
        RhpGcPoll | RhpTrapThreads) echo "a call with [SuppressGCTransition]" ;;
        RhTypeCast*) echo "a cast of a reference" ;;
    esac
}

nm -D --undefined-only "$image" | awk '{ print $(NF - 1), $NF }' | sed 's/@.*//' > "$object.undefined"
managed=
for symbol in $(awk '$1 == "U" { print $2 }' "$object.undefined"); do
    why=$(explain_undefined "$symbol")
    if [ -n "$why" ]; then
        managed="$managed $symbol"
    else
        mistake "$symbol" QRY011 "$image" "undefined symbol $symbol: a [DllImport] or [RuntimeImport] that nothing \
in the image defines, or a call of the C library."
    fi
done

# Optimised code asks for less, by other names: what it asks for is proof, the other is what was written.
[ -z "$managed" ] || places ___cctor > /dev/null
for symbol in $managed $([ -z "$managed" ] || sed 's/ .*//' "$object.places"); do
    echo "$symbol"
done | sort -u | while read -r symbol; do
    why=$(explain_undefined "$symbol")
    [ -z "$why" ] || mistake "$symbol" QRY021 "$image" "$why. ($symbol)"
done
[ -z "$managed" ] || failed=1

for symbol in $(awk '$1 != "U" { print $2 }' "$object.undefined"); do
    names "$undefined_lists" | grep -qxF "$symbol" ||
        error "${undefined:-$image}" QRY011 "weak symbol $symbol: the image looks for it, but it is not listed."
done

# What the image shows: what the list says, and every entry stub.
nm -D --defined-only "$image" | awk '{ print $NF }' | sed 's/@.*//' | sort -u > "$object.exports"
readelf -sW "$entries" | awk '$5 == "GLOBAL" && $6 == "DEFAULT" && $7 != "UND" { print $8 }' > "$object.stubs"
names "$export_lists" > "$object.expected"
for symbol in $(comm -13 "$object.exports" "$object.expected"); do
    error "$exports" QRY012 "$symbol is listed but not exported: add an entry stub to entries.S, or a method \
with [RuntimeExport(\"$symbol\")]."
done
for symbol in $(sort -u "$object.exports" "$object.stubs" | comm -23 - "$object.expected"); do
    error "$exports" QRY012 "$symbol is an entry point but not listed, so nobody outside could call it."
done

# How the image is loaded.
segments=$(readelf -lW "$image")
dynamic=$(readelf -dW "$image")
thread_local=$(echo "$segments" | awk '$1 == "TLS" { print $6 }')
[ $((${thread_local:-0})) -le 16 ] ||
    error "$image" QRY013 "$((thread_local)) bytes of thread-local storage, 16 are allowed: dlopen has \
little room for it. Keep a thread's state behind the thread word."
echo "$segments" | grep -q GNU_RELRO ||
    error "$image" QRY014 "no RELRO segment: the tables of the dynamic linker stay writable."
echo "$dynamic" | grep -q BIND_NOW ||
    error "$image" QRY014 "lazy binding: a first call inside malloc would enter the dynamic linker."
! echo "$segments" | grep GNU_STACK | grep -q RWE ||
    error "$image" QRY014 "executable stack: an assembly file lacks its .note.GNU-stack section."
! echo "$dynamic" | grep -q TEXTREL ||
    error "$image" QRY014 "text relocations: an assembly file takes an address in a position-dependent way."
for library in $(echo "$dynamic" | awk '/\(NEEDED\)/ { print $NF }'); do
    error "$image" QRY014 "the image needs library $library; it must load where that is not."
done

# Fast paths: from the entry straight to the return, branches not taken, without a call.
# A line of the list is a symbol and, where there is a limit, the most instructions it may take.
nm "$image" > "$object.symbols"
objdump -d --no-show-raw-insn -w "$image" > "$object.disassembly"
names "$fastpath_lists" > "$object.fastpaths"
while read -r symbol limit; do
    awk -v symbol="$symbol" -v limit="${limit:-0}" -v origin="$fastpaths" '
        function fail(why) {
            printf "%s : error QRY015: %s\n", origin, why
            failed = 1
            exit 1
        }
        function bare(digits) {
            sub(/^0+/, "", digits)
            return digits
        }
        FILENAME ~ /\.symbols$/ {
            if ($NF == symbol && $2 ~ /[tT]/) entry = bare($1)
            next
        }
        /^[0-9a-f]+ </ { label = $2 }
        /^ *[0-9a-f]+:\t/ {
            address = $1
            sub(/:$/, "", address)
            count++
            place[address] = count
            owner[count] = label
            sub(/^ *[0-9a-f]+:\t/, "")
            code[count] = $0
        }
        END {
            if (failed) exit 1
            if (entry == "") fail(symbol " is not a method of the image.")
            at = place[entry]
            for (home = owner[at]; ; ) {
                steps++
                split(code[at], word, /[ \t]+/)
                if (word[1] ~ /^ret/) break
                if (word[1] ~ /^call/)
                    fail(symbol " calls before it returns (" code[at] "): something on its straight path " \
                        "is not inlined, or copies a large struct. Move it to the slow path.")
                if (word[1] ~ /^jmp/) {
                    at = place[bare(word[2])]
                    if (at && owner[at] == home && steps < 1000) continue
                }
                else at++
                if (owner[at] != home || word[1] ~ /^(jmp|ud2|int3)/)
                    fail(symbol " has no straight path to a return (" code[at] "). Write the slow path " \
                        "first, `if (rare) { return Slow(); }`, and let the fast one run on to the end.")
            }
            if (limit + 0 > 0 && steps > limit + 0)
                fail(symbol " takes " steps " instructions from entry to return, " limit " are allowed.")
            printf "fast path of %s: %d instructions\n", symbol, steps
        }' "$object.symbols" "$object.disassembly" || failed=1
done < "$object.fastpaths"

exit "$failed"
