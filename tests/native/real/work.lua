local seen, parts = {}, {}
for i = 1, 200000 do
    local key = "key" .. (i * 7919 % 20011)
    seen[key] = (seen[key] or 0) + 1
    if i % 100 == 0 then parts[#parts + 1] = key:rep(i % 7) end
end
local total = 0
for _, count in pairs(seen) do total = total + count end
print(total, #table.concat(parts))
local function tree(depth) return depth == 0 and {} or { tree(depth - 1), tree(depth - 1) } end
local function count(node) return node[1] and 1 + count(node[1]) + count(node[2]) or 1 end
for depth = 4, 14, 2 do print(depth, count(tree(depth))) end
collectgarbage()
