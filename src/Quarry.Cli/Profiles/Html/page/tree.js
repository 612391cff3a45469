import { runtimeKind } from "./data.js";

// Builds the tree that a flame graph shows from the sites of a data set: calls of one function from different
// lines are one node, and so are neighboring frames of the runtime when they are folded.

/** The part of the whole below which a node is not drawn by itself. */
export const threshold = 0.001;

const rootKey = -1;
const runtimeKey = -2;

/** Sums columns of sites over a tree of functions. */
class Sums {
  constructor(columns) {
    this.parents = [-1];
    this.keys = [rootKey];
    this.values = columns.map(() => [0]);
    this.children = new Map();
  }

  child(parent, key) {
    // Exact up to 2^53: a tree has fewer than 2^31 nodes, keys are shifted to begin at 0.
    const id = parent * 2 ** 22 + key + 2;
    let node = this.children.get(id);
    if (node === undefined) {
      node = this.keys.length;
      this.children.set(id, node);
      this.parents.push(parent);
      this.keys.push(key);
      this.values.forEach((v) => v.push(0));
    }

    return node;
  }

  /** Adds the values of all nodes to those of their parents, from the leaves on. */
  accumulate() {
    for (let node = this.keys.length - 1; node > 0; node--) {
      for (const values of this.values) {
        values[this.parents[node]] += values[node];
      }
    }
  }
}

/**
 * Builds the tree of a data set. The first column gives the widths; options are fold (whether frames of the
 * runtime are folded) and bottomUp (whether the allocating function is at the root).
 */
export function buildTree(set, columns, options) {
  const sums = new Sums(columns);
  const place = options.bottomUp ? fromLeaf(set, sums, options.fold) : fromRoot(set, sums, options.fold);
  for (let site = 0; site < set.count; site++) {
    if (columns.some((c) => c[site] !== 0)) {
      const node = place(set.sites.node[site]);
      columns.forEach((c, i) => (sums.values[i][node] += c[site]));
    }
  }

  sums.accumulate();
  return nest(set.names, sums);
}

function keyOf(set, node, fold) {
  const f = set.names.frames.function[set.nodeFrames[node]];
  return fold && set.names.kind(f) === runtimeKind ? runtimeKey : f;
}

function fromRoot(set, sums, fold) {
  const placed = new Int32Array(set.parents.length).fill(-1);
  return function place(node) {
    if (node < 0) {
      return 0;
    }

    if (placed[node] < 0) {
      const parent = place(set.parents[node]);
      const key = keyOf(set, node, fold);
      const merged = key === runtimeKey && sums.keys[parent] === runtimeKey;
      placed[node] = merged ? parent : sums.child(parent, key);
    }

    return placed[node];
  };
}

function fromLeaf(set, sums, fold) {
  return (node) => {
    let result = 0;
    for (; node >= 0; node = set.parents[node]) {
      const key = keyOf(set, node, fold);
      if (key !== runtimeKey || sums.keys[result] !== runtimeKey) {
        result = sums.child(result, key);
      }
    }

    return result;
  };
}

function nest(names, sums) {
  const children = new Map();
  for (let node = 1; node < sums.keys.length; node++) {
    const siblings = children.get(sums.parents[node]);
    siblings ? siblings.push(node) : children.set(sums.parents[node], [node]);
  }

  const smallest = sums.values[0][0] * threshold;
  function object(node) {
    const key = sums.keys[node];
    const result = {
      key,
      name: key === rootKey ? "all" : key === runtimeKey ? "(runtime)" : names.functionName(key),
      kind: key === runtimeKey ? runtimeKind : key < 0 ? -1 : names.kind(key),
      value: sums.values[0][node],
      values: sums.values.map((v) => v[node]),
    };
    const all = children.get(node) ?? [];
    const shown = all.filter((c) => sums.values[0][c] >= smallest && sums.values[0][c] > 0);
    const rest = all.filter((c) => sums.values[0][c] < smallest && sums.values[0][c] > 0);
    result.children = shown.map(object);
    if (rest.length > 0) {
      result.children.push(other(sums, rest));
    }

    return result;
  }

  return object(0);
}

function other(sums, nodes) {
  const values = sums.values.map((v) => nodes.reduce((total, node) => total + v[node], 0));
  const name = `other (${nodes.length} smaller)`;
  return { key: "other", name, kind: -1, value: values[0], values, children: [] };
}
