#!/usr/bin/env bash
# Makes the pictures of the leaky service in docs/profiling.md. Needs chromium, and a minute.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
images=$PWD/docs/images
dotnet build samples/LeakyService -c Release -v quiet
./quarry profile --output "$folder/shop" -- \
    dotnet artifacts/bin/LeakyService/release/LeakyService.dll 24000
./quarry report "$folder"/shop.*.qprof --format html --output "$folder/shop.html"

picture() { # FILE PART-OF-THE-PAGE
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --virtual-time-budget=4000 \
        --window-size=1500,780 --screenshot="$images/$1.png" "file://$folder/shop.html#$2"
}
picture leak flame
picture leak-timeline timeline
