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

// The chance of at most `right` successes in `count` tries, each with chance p.
function binomial(right, count, p) {
  let [sum, logTerm] = [0, count * Math.log1p(-p)];
  for (let k = 0; k <= right; k++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((count - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return Math.min(1, sum);
}

// The exact 95% interval of a share (Clopper and Pearson, 1934).
function interval(right, count) {
  const solve = (isBelow) => {
    let [low, high] = [0, 1];
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (isBelow(middle)) low = middle; else high = middle;
    }
    return (low + high) / 2;
  };
  return [
    right === 0 ? 0 : solve((p) => 1 - binomial(right - 1, count, p) < 0.025),
    right === count ? 1 : solve((p) => binomial(right, count, p) > 0.025),
  ];
}
