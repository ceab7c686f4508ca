// Which cells to check, in which order, and how many of the others are right.

const GOAL = 0.995;
// Of the sure cells, a share is drawn at random, and no more than this many at a time: where none of 60 is wrong, at least
// 94% of the others are right.
const SHARE = 0.1;
const MOST_DRAWN = 60;

// The smallest beginning of the least sure cells after which those that stay are expected to reach the goal.
function countNeeded(chances, all) {
  const sorted = chances.toSorted((one, other) => one - other);
  let wrong = sorted.reduce((sum, chance) => sum + 1 - chance, 0);
  let count = 0;
  while (count < sorted.length && wrong > (1 - GOAL) * all + 1e-9) wrong -= 1 - sorted[count++];
  return count;
}

// All cells that can be checked: `order`, least sure first, with those of `drawn` spread among the ones that are needed.
function plan(cells, seed, more) {
  const sorted = cells.toSorted((one, other) => one.chance - other.chance);
  const count = countNeeded(cells.map((cell) => cell.chance), cells.length);
  const [needed, sure] = [sorted.slice(0, count), sorted.slice(count)];
  const drawn = shuffle(sure, seed).slice(0, Math.min(MOST_DRAWN, Math.ceil(SHARE * sure.length)) + more);
  const isDrawn = new Set(drawn);
  const order = [];
  for (let i = 0, j = 0; i < needed.length || j < drawn.length;) {
    // Even shares of both until both are used up.
    if (i * drawn.length <= j * needed.length && i < needed.length) order.push(needed[i++]);
    else if (j < drawn.length) order.push(drawn[j++]);
    else order.push(needed[i++]);
  }
  return { order: [...order, ...sure.filter((cell) => !isDrawn.has(cell))], drawn, sure };
}

// Fisher and Yates; the same seed gives the same order, in every window and after every reload.
function shuffle(items, seed) {
  let state = parseInt(seed.slice(0, 8), 16);
  const random = () => { // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}

const logFactorials = [0];

function logWays(of, chosen) {
  for (let n = logFactorials.length; n <= of; n++) logFactorials.push(logFactorials[n - 1] + Math.log(n));
  return logFactorials[of] - logFactorials[chosen] - logFactorials[of - chosen];
}

// The chance of at most `seen` marked ones among `count` drawn of `cells`, of which `marked` are marked.
function atMost(seen, count, marked, cells) {
  const all = logWays(cells, count);
  let sum = 0;
  for (let k = Math.max(0, count - (cells - marked)); k <= Math.min(seen, marked); k++) {
    sum += Math.exp(logWays(marked, k) + logWays(cells - marked, count - k) - all);
  }
  return sum;
}

// Which share of the unchecked cells is right, by `right` of `count` drawn at random: the exact 95% interval, as
// `training.evaluation.sampling.estimate_right` has it.
function interval(right, count, unchecked) {
  const most = (seen) => {
    let [low, high] = [seen, seen + unchecked];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (atMost(seen, count, middle, count + unchecked) > 0.025) low = middle; else high = middle - 1;
    }
    return (low - seen) / unchecked;
  };
  return [1 - most(count - right), most(right)];
}
