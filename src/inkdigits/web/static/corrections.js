// Wrong answers put right: ten keys under the answer, and the list of what is kept.

import { call, callJson, save, showProblem } from "./api.js";

const keys = document.getElementById("correct-digits");
const said = document.getElementById("correct-said");
const list = document.getElementById("kept");

let subject = null; // { digit, picture: () => Promise<Blob> } of the answer that is shown
let isOn = false;

export async function startCorrections() {
  const kept = await callJson("/v1/corrections?limit=1");
  isOn = kept.enabled;
  document.getElementById("tab-corrections").hidden = !isOn;
  if (!isOn) return;
  for (let digit = 0; digit < 10; digit++) {
    const key = document.createElement("button");
    key.textContent = digit;
    key.setAttribute("aria-label", `It is a ${digit}`);
    key.addEventListener("click", () => correct(digit).catch(showProblem));
    keys.append(key);
  }
  document.getElementById("export").addEventListener("click", () => download().catch(showProblem));
  document.getElementById("delete-all").addEventListener("click", () => {
    if (confirm("Delete all corrections and their pictures for good?")) remove("").catch(showProblem);
  });
}

// What a tap would correct from now on; null for nothing.
export function offerCorrection(next) {
  subject = next;
  said.textContent = "";
  document.getElementById("correct").hidden = !isOn || !next;
  document.getElementById("correct-title").textContent = next?.digit.value === null ? "What is it?" : "Wrong? It is a";
  [...keys.children].forEach((key, digit) => { key.disabled = next?.digit.value === digit; });
}

async function correct(correction) {
  const { digit, picture } = subject;
  const answer = digit.value === null ? "" : `&answer=${digit.value}`;
  for (const key of keys.children) key.disabled = true; // one answer, one correction
  try {
    await call(`/v1/corrections?correction=${correction}${answer}`, { method: "POST", body: await picture() });
    said.textContent = `Thank you. Kept as a ${correction}.`;
  } catch (error) {
    for (const key of keys.children) key.disabled = false;
    throw error;
  }
}

export async function showCorrections() {
  const kept = await callJson("/v1/corrections?limit=200");
  const shown = kept.corrections.length < kept.count ? ` The newest ${kept.corrections.length} are shown.` : "";
  document.getElementById("kept-where").textContent =
    `${kept.count} kept in ${kept.file} on the computer that runs this page, and nowhere else.${shown}`;
  for (const id of ["export", "delete-all"]) document.getElementById(id).disabled = kept.count === 0;
  list.replaceChildren(...kept.corrections.map(item));
}

function item(correction) {
  const row = document.createElement("li");
  const picture = new Image(64, 64);
  picture.alt = `Picture of a ${correction.correction}`;
  call(`/v1/corrections/${correction.id}/picture`)
    .then((response) => response.blob())
    .then((blob) => { picture.src = URL.createObjectURL(blob); })
    .catch(showProblem);
  const text = document.createElement("span");
  const was = correction.answer === null ? "not sure" : correction.answer;
  const time = document.createElement("span");
  time.className = "soft";
  time.textContent = new Date(correction.time).toLocaleString();
  text.append(`${was} → `, Object.assign(document.createElement("strong"), { textContent: correction.correction }));
  text.append(document.createElement("br"), time);
  const button = document.createElement("button");
  button.textContent = "Delete";
  button.setAttribute("aria-label", `Delete the correction of ${was} to ${correction.correction}`);
  button.addEventListener("click", () => remove(`/${correction.id}`).catch(showProblem));
  row.append(picture, text, button);
  return row;
}

async function remove(which) {
  await call(`/v1/corrections${which}`, { method: "DELETE" });
  await showCorrections();
}

async function download() {
  save(await (await call("/v1/corrections.zip")).blob(), "corrections.zip");
}
