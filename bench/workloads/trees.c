// Search trees of many shapes built, read and torn down while one large tree lives on, as compilers and
// interpreters do. Nodes come in three sizes; the order of the insertions is random, that of the frees is by
// the shape of the tree.
//
//     trees [ROUNDS]
#include "common.h"

typedef struct Node {
    struct Node* left;
    struct Node* right;
    uint64_t key;
    // Some nodes carry an operand or two.
    uint64_t operands[];
} Node;

static Node* node_new(uint64_t key) {
    size_t operands = key % 3 * 2;
    Node* node = (Node*)need(malloc(sizeof(Node) + operands * sizeof(uint64_t)));
    node->left = node->right = NULL;
    node->key = key;
    for (size_t i = 0; i < operands; i++) node->operands[i] = key + i;
    return node;
}

static Node* tree_new(Random* random, uint32_t nodes) {
    Node* root = node_new(random_next(random));
    for (uint32_t i = 1; i < nodes; i++) {
        Node* node = node_new(random_next(random));
        Node** link = &root;
        while (*link != NULL) link = node->key < (*link)->key ? &(*link)->left : &(*link)->right;
        *link = node;
    }
    return root;
}

static uint64_t tree_end(Node* node) {
    if (node == NULL) return 0;
    uint64_t sum = node->key + tree_end(node->left);
    Node* right = node->right;
    free(node);
    return sum + tree_end(right);
}

// A perfect tree, bottom-up: nothing but allocation and links.
static Node* perfect_new(int depth) {
    Node* node = node_new((uint64_t)depth * 3);
    if (depth > 0) {
        node->left = perfect_new(depth - 1);
        node->right = perfect_new(depth - 1);
    }
    return node;
}

int main(int argc, char** argv) {
    uint64_t rounds = argument(argc, argv, 1, 40);
    Random random = random_seed(4);
    Node* background = tree_new(&random, 200000);
    uint64_t checksum = 0;

    for (uint64_t round = 0; round < rounds; round++) {
        for (int i = 0; i < 400; i++) checksum += tree_end(tree_new(&random, 1 + random_below(&random, 400)));
        for (int depth = 4; depth <= 16; depth += 4)
            for (int i = 0; i < 1 << (16 - depth); i++) checksum += tree_end(perfect_new(depth));
    }

    report(checksum + tree_end(background));
    return 0;
}
