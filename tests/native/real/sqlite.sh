sqlite3 work.db < "$1/work.sql"
sqlite3 work.db .dump | sha256sum
