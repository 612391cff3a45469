# A repository as a stream for `git fast-import`: files of text that grow and change over hundreds of commits.
#
#     awk -v commits=N -f generate-git.awk
function pick(n) {
    state = (state * 16807) % 2147483647
    return state % n
}

function line() {
    return "line " pick(100000) " of the text says " pick(1000) " and " pick(1000) "\n"
}

function data(text) {
    printf "data %d\n%s\n", length(text), text
}

BEGIN {
    state = 17
    files = 60
    for (f = 0; f < files; f++) {
        lines[f] = 100 + pick(300)
        for (l = 0; l < lines[f]; l++) content[f, l] = line()
    }
    for (c = 1; c <= commits; c++) {
        printf "commit refs/heads/main\nmark :%d\n", c
        printf "committer Some One <someone@example.org> %d +0000\n", 1600000000 + c * 600
        data("Change number " c)
        if (c > 1) printf "from :%d\n", c - 1
        changes = c == 1 ? files : 1 + pick(4)
        for (i = 0; i < changes; i++) {
            f = c == 1 ? i : pick(files)
            content[f, pick(lines[f])] = line()
            content[f, lines[f]++] = line()
            text = ""
            for (l = 0; l < lines[f]; l++) text = text content[f, l]
            printf "M 100644 inline folder%d/file%d.txt\n", f % 7, f
            data(text)
        }
    }
}
