// The tab that lists what was corrected, exports and deletes it.

import { call, callJson, save, showProblem } from "./api.js";

const list = document.getElementById("kept");
const fail = (error) => showProblem(error, "corrections");

export function startCorrections() {
  document.getElementById("tab-corrections").hidden = false;
  document.getElementById("export").addEventListener("click", () => download().catch(fail));
  document.getElementById("delete-all").addEventListener("click", () => {
    if (confirm("Delete all corrections and their pictures for good?")) remove("").catch(fail);
  });
}

export async function showCorrections() {
  const kept = await callJson("/v1/corrections?limit=200");
  const shown = kept.corrections.length < kept.count ? ` The newest ${kept.corrections.length} are shown.` : "";
  document.getElementById("kept-where").textContent =
    `${kept.count} kept in the file ${kept.file} on the computer that runs this page, and nowhere else.${shown}`;
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
    .catch(fail);
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
  button.addEventListener("click", () => remove(`/${correction.id}`).catch(fail));
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
