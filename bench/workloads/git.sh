#!/bin/sh
# `git gc --aggressive` on a repository of hundreds of commits: deltas of everything against everything, on
# all processors.
#
#     git.sh prepare WORK COMMITS
#     git.sh run WORK RUN...
set -eu
here=$(cd "$(dirname "$0")" && pwd)
action=$1
cd "$2"
shift 2
# Neither the user's settings nor the system's.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

case $action in
prepare)
    rm -rf pristine.git
    git init -q --bare pristine.git
    awk -v commits="$1" -f "$here/generate-git.awk" | git --git-dir=pristine.git fast-import --quiet
    ;;
run)
    # git gc leaves nothing to do for the next run: each works on a fresh copy.
    rm -rf run.git
    cp -r pristine.git run.git
    "$@" git --git-dir=run.git gc --quiet --aggressive --prune=now
    git --git-dir=run.git count-objects -v | grep -q '^packs: 1$'
    rm -rf run.git
    ;;
esac
