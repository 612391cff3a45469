// The standard containers of C++ as a program uses them: maps that grow and lose entries, vectors of strings
// that are sorted, lists that are spliced; through operator new and sized operator delete.
//
//     containers [ROUNDS]
#include <algorithm>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>
#include "common.h"

namespace {

std::string random_text(Random* random) {
    // A third fits into the string itself, the rest is on the heap.
    std::string text(random_between(random, 4, 40), ' ');
    for (char& c : text) c = static_cast<char>('a' + random_below(random, 26));
    return text;
}

uint64_t ordered_map(Random* random) {
    std::map<uint32_t, std::string> map;
    uint64_t checksum = 0;
    for (int i = 0; i < 60000; i++) {
        map[random_below(random, 20000)] = random_text(random);
        auto found = map.lower_bound(random_below(random, 20000));
        if (i % 3 != 0 && found != map.end()) {
            checksum += found->second.size();
            map.erase(found);
        }
    }
    return checksum + map.size();
}

uint64_t word_count(Random* random) {
    std::unordered_map<std::string, std::vector<uint32_t>> places;
    for (uint32_t i = 0; i < 60000; i++) {
        std::string word = "word " + std::to_string(random_below(random, 12000));
        places[word].push_back(i);
    }
    uint64_t checksum = 0;
    for (const auto& [word, where] : places) checksum += word.size() * where.size() + where.back();
    return checksum;
}

uint64_t sorted_lines(Random* random) {
    std::vector<std::string> lines;
    for (int i = 0; i < 25000; i++) lines.push_back(random_text(random) + ": " + random_text(random));
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text.size() + static_cast<uint8_t>(text[text.size() / 2]);
}

struct Event {
    virtual ~Event() = default;
    virtual uint64_t weigh() const { return 1; }
    uint64_t time = 0;
};

struct Message : Event {
    explicit Message(std::string body) : text(std::move(body)) {}
    uint64_t weigh() const override { return text.size(); }
    std::string text;
};

uint64_t event_lists(Random* random) {
    std::list<std::shared_ptr<Event>> waiting, done;
    uint64_t checksum = 0;
    for (int i = 0; i < 80000; i++) {
        if (i % 2 == 0)
            waiting.push_back(std::make_shared<Message>(random_text(random)));
        else
            waiting.push_front(std::make_shared<Event>());
        if (random_below(random, 4) == 0) done.splice(done.end(), waiting, waiting.begin());
        while (done.size() > 5000) {
            checksum += done.front()->weigh();
            done.pop_front();
        }
    }
    return checksum + waiting.size();
}

}

int main(int argc, char** argv) {
    uint64_t rounds = argument(argc, argv, 1, 20);
    Random random = random_seed(11);
    uint64_t checksum = 0;
    // What a program keeps all along lies between what it keeps for a moment.
    std::vector<std::unique_ptr<std::string>> kept;

    for (uint64_t round = 0; round < rounds; round++) {
        checksum += ordered_map(&random);
        checksum += word_count(&random);
        for (int i = 0; i < 2000; i++) kept.push_back(std::make_unique<std::string>(random_text(&random)));
        checksum += sorted_lines(&random);
        checksum += event_lists(&random);
    }

    for (const auto& text : kept) checksum += text->size();
    report(checksum);
    return 0;
}
