// Keys for fingers: those of a phone have no minus, and hide half of the page.

const KEYS = [
  ["7"], ["8"], ["9"], ["-", "minus"], ["⌫", "delete the last symbol"],
  ["4"], ["5"], ["6"], ["/", "slash"], ["Empty", "nothing stands in the cell"],
  ["1"], ["2"], ["3"], [":", "colon"], ["?", "nobody can read it"],
  ["↶", "undo"], ["0"], [",", "comma"], [".", "point"], ["abc", "letters: the phone's own keys"],
];

function fillKeypad(place, input, act) {
  for (const [key, words] of KEYS) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: key });
    if (words) button.setAttribute("aria-label", words);
    button.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    button.addEventListener("click", () => press(key, input, act));
    place.append(button);
  }
}

function press(key, input, act) {
  if (key === "↶") return act.undo();
  if (key === "abc") {
    input.inputMode = "text";
    input.blur();
    return input.focus();
  }
  if (key === "Empty") input.value = "";
  else if (key === "⌫") input.value = input.value.slice(0, -1);
  else input.value = act.isPristine() ? key : input.value + key;
  return input.dispatchEvent(new Event("input"));
}
