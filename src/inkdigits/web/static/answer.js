// The answer: the number, how sure it is, the digits to choose from, ten bars.

const value = document.getElementById("value");
const sure = document.getElementById("sure");
const spoken = document.getElementById("spoken");
const digitsPlace = document.getElementById("digits");
const bars = [];
const LONG = 6; // characters above which a number is set smaller
const TOO_LONG = 12; // and above which only the count is shown here: the text has its own place
const SPEAK_AFTER = 400; // milliseconds of rest before a screen reader is told: not every step of a stroke

for (let digit = 0; digit < 10; digit++) {
  const row = document.createElement("li");
  const parts = ["label", "track", "share"].map((name) => {
    const part = document.createElement(name === "track" ? "div" : "span");
    part.className = name;
    row.append(part);
    return part;
  });
  const fill = document.createElement("div");
  fill.className = "fill";
  parts[0].textContent = digit;
  parts[1].append(fill);
  document.getElementById("bars").append(row);
  bars.push({ row, fill, share: parts[2] });
}

export const percent = (chance) => {
  const rounded = (100 * chance).toFixed(chance > 0.9 || chance < 0.1 ? 1 : 0);
  return `${rounded === "100.0" ? "99.9" : rounded}\u202f%`;
};

export const textOf = (digit) => (digit.value === null ? "?" : String(digit.value));

const numbersOf = (reading) => reading.lines.flatMap((line) => line.numbers);

export const digitsOf = (reading) => numbersOf(reading).flatMap((number) => number.digits);

export function showNothing(message = "Nothing to read yet") {
  value.textContent = "\u00a0";
  value.className = "value";
  say(message);
  digitsPlace.hidden = true;
  showBars(null);
}

// One digit: refused ones as such, with the reason, never as a guess.
export function showDigit(digit) {
  setValue(textOf(digit), digit.value === null);
  say(digit.value === null ? `Not sure: ${digit.reason || "too unsure"}` : `${percent(digit.confidence)} sure`, digit.value === null);
  digitsPlace.hidden = true;
  showBars(digit);
}

// Several digits: `choose` is called with the index of the one that is chosen.
export function showNumbers(reading, choose) {
  const digits = digitsOf(reading);
  const refused = digits.filter((digit) => digit.value === null).length;
  const isShort = reading.text.length <= TOO_LONG && reading.lines.length === 1;
  setValue(isShort ? reading.text : `${digits.length} digits`, false);
  if (refused) {
    say(`Not sure of ${refused} of ${digits.length} digits`, true);
  } else {
    const chance = numbersOf(reading).reduce((product, number) => product * number.confidence, 1);
    say(digits.length === 1 ? `${percent(chance)} sure` : `${percent(chance)} sure of all ${digits.length} digits`);
  }
  digitsPlace.hidden = digits.length < 2;
  digitsPlace.replaceChildren(
    ...digits.map((digit, index) => {
      const button = document.createElement("button");
      button.textContent = textOf(digit);
      button.setAttribute("aria-label", labelOf(digit));
      button.classList.toggle("unsure", digit.value === null);
      button.addEventListener("click", () => choose(index));
      return button;
    }),
  );
}

export const labelOf = (digit) => (digit.value === null ? "not sure" : `${digit.value}, ${percent(digit.confidence)} sure`);

export function markChosen(index, digit) {
  [...digitsPlace.children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === index)));
  // Scrolls the list of digits alone, never the page.
  const button = digitsPlace.children[index];
  digitsPlace.scrollTop = button.offsetTop - digitsPlace.offsetTop - button.offsetHeight;
  showBars(digit);
}

function setValue(text, isUnsure) {
  value.textContent = text;
  value.classList.toggle("long", text.length > LONG);
  value.classList.toggle("unsure", isUnsure);
}

let speaking;

// What is seen changes at once; what is spoken waits until the drawing rests, and names the number too.
function say(message, isUnsure = false) {
  sure.classList.toggle("unsure", isUnsure);
  sure.textContent = message;
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    spoken.textContent = `${value.textContent.trim()} ${message}`;
  }, SPEAK_AFTER);
}

function showBars(digit) {
  const chances = digit?.guess == null ? null : digit.probabilities;
  bars.forEach(({ row, fill, share }, i) => {
    fill.style.transform = `scaleX(${chances ? chances[i] : 0})`;
    share.textContent = chances ? percent(chances[i]) : "";
    row.classList.toggle("best", digit?.value === i);
  });
}
