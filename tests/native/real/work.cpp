#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <unordered_map>
#include <vector>

struct alignas(64) node { int value; std::unique_ptr<node> left, right; };
static std::unique_ptr<node> tree(int depth)
{
    auto made = std::make_unique<node>();
    made->value = depth;
    if (depth > 0) { made->left = tree(depth - 1); made->right = tree(depth - 1); }
    return made;
}
static int sum(const node *at) { return at ? at->value + sum(at->left.get()) + sum(at->right.get()) : 0; }

int main()
{
    std::cout << sum(tree(14).get()) << '\n';
    std::map<std::string, std::vector<int>> words;
    std::regex digits("[0-9]+7");
    for (int i = 0; i < 3000; i++) {
        std::string word = "word" + std::to_string(i * 7919 % 1000);
        if (std::regex_search(word, digits)) words[word].push_back(i);
    }
    for (auto &[word, values] : words) std::cout << word << ' ' << values.size() << '\n';
}
