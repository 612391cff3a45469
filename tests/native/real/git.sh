set -e
export HOME=$PWD GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=author GIT_AUTHOR_EMAIL=a@example.org GIT_AUTHOR_DATE='2020-01-01T00:00:00Z'
export GIT_COMMITTER_NAME=other GIT_COMMITTER_EMAIL=c@example.org GIT_COMMITTER_DATE='2020-01-01T00:00:00Z'
git -c init.defaultBranch=main init -q repository
cd repository
for commit in 1 2 3 4 5 6 7 8; do
    for file in $(seq 1 40); do seq $((commit * file)) $((commit * file + 300)) > "file$file"; done
    git add .
    git commit -q -m "commit $commit"
done
git log --stat --format='%H %s' | sha256sum
git -c gc.auto=0 repack -q -a -d --threads=2
git -c gc.reflogExpire=now gc -q --prune=now
git fsck --full
git rev-parse HEAD
git diff HEAD~3 | sha256sum
git count-objects -v | grep -E '^(count|in-pack|packs):'
