// Two lists side by side: which item of the one became which of the other (Wagner and Fischer, 1974).

const GONE = 1; // what it costs that an item is gone, or new

// Pairs [from, to] in order; null where an item is new or gone. `differ` says how unlike two items are: from 2 on they
// are rather one gone and one new.
export function align(one, other, differ = (a, b) => (a === b ? 0 : 1)) {
  let head = 0;
  while (head < one.length && head < other.length && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < Math.min(one.length, other.length) - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  const pairs = [];
  for (let i = 0; i < head; i++) pairs.push([i, i]);
  // Mostly one item was changed: only what lies between the equal ends is compared in full.
  const middle = table(one.slice(head, one.length - tail), other.slice(head, other.length - tail), differ);
  for (const [from, to] of middle) pairs.push([from === null ? null : head + from, to === null ? null : head + to]);
  for (let i = tail; i > 0; i--) pairs.push([one.length - i, other.length - i]);
  return pairs;
}

function table(one, other, differ) {
  const costs = Array.from({ length: one.length + 1 }, () => new Float64Array(other.length + 1));
  for (let i = 1; i <= one.length; i++) costs[i][0] = i * GONE;
  for (let j = 1; j <= other.length; j++) costs[0][j] = j * GONE;
  const paired = one.map((a) => other.map((b) => differ(a, b)));
  for (let i = 1; i <= one.length; i++) {
    for (let j = 1; j <= other.length; j++) {
      costs[i][j] = Math.min(
        costs[i - 1][j - 1] + paired[i - 1][j - 1], costs[i - 1][j] + GONE, costs[i][j - 1] + GONE,
      );
    }
  }
  const pairs = [];
  let [i, j] = [one.length, other.length];
  while (i > 0 || j > 0) {
    if (i > 0 && j > 0 && costs[i][j] === costs[i - 1][j - 1] + paired[i - 1][j - 1]) pairs.unshift([--i, --j]);
    else if (i > 0 && costs[i][j] === costs[i - 1][j] + GONE) pairs.unshift([--i, null]);
    else pairs.unshift([null, --j]);
  }
  return pairs;
}
