node "$1/work.js"
