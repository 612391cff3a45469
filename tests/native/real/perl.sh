perl "$1/work.pl"
