// Wrong digits put right, and what of it the server is given to keep.

import { call, callJson } from "./api.js";
import { isDigit } from "./reading.js";

const hint = document.getElementById("correct");
const said = document.getElementById("corrected");

let isKept = false; // whether this server keeps corrections
let working = Promise.resolve();
let about = null; // the subject whose thanks are on show

export function startCorrecting(keeps) {
  isKept = keeps;
}

// Says what a tap on a bar does now; `several`: the symbol is one of several digits.
export function offerCorrection(symbol, several) {
  if (!symbol || !/[0-9?]/.test(symbol.character)) hint.textContent = "";
  else if (symbol.character === "?") hint.textContent = "What is it? Tap the right digit above";
  else hint.textContent = several ? `Is the ${symbol.character} wrong? Tap the right digit above` : "Wrong? Tap the right digit above";
}

export function forgetThanks(subject) {
  about = subject;
  say("");
}

// Keeps what was corrected: for each digit the latest word of a person, and none where it is the model's again.
export function keep(subject, numbers) {
  working = working.then(() => keepChanges(subject, numbers)).catch((error) => {
    if (subject === about) say(error.message, true);
  });
  return working;
}

async function keepChanges(subject, numbers) {
  const digits = numbers.flatMap((number) => number.symbols).filter(({ part }) => part !== null && isDigit(part));
  const notes = [];
  for (const { part, character } of digits) {
    const given = /[0-9]/.test(character) && Number(character) !== part.value ? Number(character) : null;
    const before = subject.kept.get(part);
    if (given === (before?.value ?? null)) continue;
    if (before?.id) await call(`/v1/corrections/${before.id}`, { method: "DELETE" });
    subject.kept.delete(part);
    if (given === null) {
      notes.push("Taken back.");
      continue;
    }
    const picture = isKept ? await subject.cutOut(part.box) : null;
    subject.kept.set(part, { id: picture && (await send(part, given, picture)), value: given });
    notes.push(picture ? `Thank you. Kept as a ${given}.` : `Now a ${given}. This server keeps no corrections.`);
  }
  if (notes.length && subject === about) say(notes.length === 1 ? notes[0] : `${notes.length} digits corrected.`);
}

function say(message, isWrong = false) {
  said.textContent = message;
  said.classList.toggle("wrong", isWrong);
}

async function send(part, correction, body) {
  const answer = part.value === null ? "" : `&answer=${part.value}`;
  return (await callJson(`/v1/corrections?correction=${correction}${answer}`, { method: "POST", body })).id;
}
