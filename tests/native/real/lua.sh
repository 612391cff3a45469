lua5.4 "$1/work.lua"
