-- Tables, closures and strings made and dropped: every table part and every string is a block of malloc.
local state = 13
local function random(n)
    state = (state * 1103515245 + 12345) % 2147483648
    return state // 65536 % n + 1
end

local function records(count)
    local kept = {}
    for i = 1, count do
        kept[random(6000)] = { id = i, name = "record " .. i, tags = { i, i + 1, tostring(i) } }
    end
    local sum = 0
    for _, record in pairs(kept) do sum = sum + record.id + #record.tags end
    return sum
end

local function text(count)
    local words, lines = {}, {}
    for i = 1, count do
        words[#words + 1] = ("w%d"):format(random(5000))
        if #words == 12 then
            lines[#lines + 1] = table.concat(words, " ")
            words = {}
        end
    end
    local counted, different = {}, 0
    for word in table.concat(lines, "\n"):gmatch("%w+") do
        if not counted[word] then different = different + 1 end
        counted[word] = (counted[word] or 0) + 1
    end
    return different
end

local function tree(depth)
    if depth == 0 then return {} end
    return { left = tree(depth - 1), right = tree(depth - 1), visit = function() return depth end }
end

local function count(node)
    if not node.left then return 1 end
    return node.visit() + count(node.left) + count(node.right)
end

local nodes = 0
for depth = 6, 14, 2 do
    for _ = 1, 2 ^ (17 - depth) do nodes = nodes + count(tree(depth)) end
end
print(records(1500000), text(1500000), nodes)
