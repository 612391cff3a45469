// The data of the report. Sites, frames and functions are indexes into columns; a data set is the allocations
// of one heap: a tree of calls, whose parents come before their children, and sites at nodes of the tree.

/** The kinds of functions, by the number in the data. */
export const kinds = ["native", "managed", "runtime", "kernel"];
export const runtimeKind = kinds.indexOf("runtime");

export class Names {
  constructor(data) {
    this.strings = data.strings;
    this.functions = data.functions;
    this.frames = data.frames;
  }

  functionName(f) {
    return this.strings[this.functions.name[f]];
  }

  /** The file name of the function's module, without its folder. */
  moduleName(f) {
    return baseName(this.strings[this.functions.module[f]]);
  }

  modulePath(f) {
    return this.strings[this.functions.module[f]];
  }

  kind(f) {
    return this.functions.kind[f];
  }

  /** The source of a frame as "path:line", "" if unknown. */
  source(frame) {
    const file = this.strings[this.frames.file[frame]];
    const line = this.frames.line[frame];
    return file === "" || line === 0 ? file : `${file}:${line}`;
  }

  /** A byte for each frame: whether its function, module or source contains the text. */
  framesWith(text) {
    const term = text.toLowerCase();
    const found = Uint8Array.from(this.strings, (s) => (s.toLowerCase().includes(term) ? 1 : 0));
    const { name, module } = this.functions;
    return Uint8Array.from(this.frames.function, (f, i) =>
      found[name[f]] | found[module[f]] | found[this.frames.file[i]]);
  }
}

export class DataSet {
  constructor(names, set, metrics) {
    this.names = names;
    this.label = set.label;
    this.parents = set.tree.parent;
    this.nodeFrames = set.tree.frame;
    this.sites = set.sites;
    this.count = set.sites.node.length;
    this.isEvents = "weight" in set.sites;
    this.metrics = metrics.filter((m) => m.column in set.sites);
    this.totals = Object.fromEntries(Object.keys(set.sites).map((c) => [c, sum(set.sites[c])]));
  }

  /** The frames of a site, innermost first. */
  stack(site) {
    const frames = [];
    for (let node = this.sites.node[site]; node >= 0; node = this.parents[node]) {
      frames.push(this.nodeFrames[node]);
    }

    return frames;
  }

  /** The innermost frame of a site that is not the runtime's, else the innermost one; -1 without a stack. */
  leadingFrame(site) {
    const first = this.sites.node[site];
    for (let node = first; node >= 0; node = this.parents[node]) {
      const frame = this.nodeFrames[node];
      if (this.names.kind(this.names.frames.function[frame]) !== runtimeKind) {
        return frame;
      }
    }

    return first < 0 ? -1 : this.nodeFrames[first];
  }

  /** The first frame outside of a frame that is of another function and not of the runtime; -1 if none. */
  callerOf(site, frame) {
    const { frames } = this.names;
    const stack = this.stack(site);
    const outer = stack.slice(stack.indexOf(frame) + 1);
    return outer.find((other) => frames.function[other] !== frames.function[frame] &&
      this.names.kind(frames.function[other]) !== runtimeKind) ?? -1;
  }

  /** The sites whose stacks contain the text, all for an empty one. */
  sitesWith(text) {
    if (text === "") {
      return Array.from({ length: this.count }, (_, i) => i);
    }

    const frames = this.names.framesWith(text);
    const nodes = new Uint8Array(this.parents.length);
    for (let i = 0; i < nodes.length; i++) {
      nodes[i] = frames[this.nodeFrames[i]] | (this.parents[i] < 0 ? 0 : nodes[this.parents[i]]);
    }

    const result = [];
    for (let i = 0; i < this.count; i++) {
      if (this.sites.node[i] >= 0 && nodes[this.sites.node[i]]) {
        result.push(i);
      }
    }

    return result;
  }
}

export function baseName(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function sum(values) {
  let total = 0;
  for (const value of values) {
    total += value;
  }

  return total;
}
