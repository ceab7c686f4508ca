// What the net saw of a digit, and which strokes spoke for its answer.

const SIDE = 28;
// Blue and orange, told apart by every kind of colour vision; the same as in the legend (answer.css).
const FOR = [127, 176, 255];
const AGAINST = [255, 160, 77];
const place = document.getElementById("insight");
const frame = document.getElementById("frame").getContext("2d");
const heat = document.getElementById("heat").getContext("2d");

export function showInsight(digit) {
  const ink = digit.frame.flat();
  place.hidden = false;
  paint(frame, (i) => grey(ink[i]));
  const weights = digit.heat.flat();
  const strongest = Math.max(...weights.map(Math.abs), 1e-6);
  paint(heat, (i) => {
    const share = Math.min(1, Math.abs(weights[i]) / strongest);
    const colour = weights[i] >= 0 ? FOR : AGAINST;
    return grey(ink[i] * 0.45).map((value, channel) => value + (colour[channel] - value) * share);
  });
}

export function hideInsight() {
  place.hidden = true;
}

const grey = (value) => [value, value, value];

function paint(context, colourAt) {
  const image = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) image.data.set([...colourAt(i), 255], 4 * i);
  context.putImageData(image, 0, 0);
}
