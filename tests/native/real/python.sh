python3 "$1/work.py"
