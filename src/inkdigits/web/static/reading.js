// What was read, and what a person made of it: plain functions without the page.
//
// There is one truth: the server's reading and the text as it stands now. Everything on show (headline, chips, boxes,
// what is copied, downloaded and kept) is `view` of both.

import { align } from "./align.js";

export const CHECK_BELOW = 0.95; // a number with more than one chance in twenty to be wrong is worth a look

// One format for all: one decimal, and never 100%, for nothing is that sure.
export const percent = (chance) => `${Math.min(99.9, 100 * chance).toFixed(1)}%`;

export const isDigit = (part) => part !== null && "probabilities" in part;

// The parts of a number, one for each character of its text: a digit, a mark such as a comma, or null for what the
// server tells nothing about.
export function partsOf(number) {
  const characters = [...number.text];
  const parts = number.symbols ?? number.digits;
  if (parts.length === characters.length) return parts;
  const digits = [...number.digits];
  return characters.map((character) => (/[0-9?]/.test(character) ? (digits.shift() ?? null) : null));
}

// The reading as it stands in `text`: its numbers with their places in the text, and for each character the part of
// the reading that it comes from. `isChanged`: a person wrote it; `isUnsure`: worth a look.
export function view(reading, text) {
  const originals = reading.lines.flatMap((line) => line.numbers);
  const tokens = [...text.matchAll(/\S+/g)];
  const pairs = align(originals.map((number) => number.text), tokens.map((token) => token[0]), differ);
  const numbers = [];
  for (const [from, to] of pairs) {
    if (to === null) continue;
    const original = from === null ? null : originals[from];
    const [start, written] = [tokens[to].index, tokens[to][0]];
    numbers.push(numberOf(original, written, start, text.slice(0, start).split("\n").length - 1));
  }
  return numbers;
}

// The index of the first symbol that is worth a look; of the first one where none is.
export const firstUnsure = (number) => Math.max(0, number.symbols.findIndex((symbol) => symbol.isUnsure));

function numberOf(original, text, start, line) {
  const isChanged = original?.text !== text;
  const parts = original ? partsOf(original) : [];
  const characters = [...text];
  const pairs = isChanged ? align(original ? [...original.text] : [], characters) : characters.map((_, i) => [i, i]);
  let at = start;
  const symbols = pairs.filter(([, to]) => to !== null).map(([from, to]) => {
    const symbol = symbolOf(from === null ? null : parts[from], from === null ? null : [...original.text][from], characters[to]);
    symbol.start = at;
    at += characters[to].length;
    return symbol;
  });
  const isUnsure = text.includes("?") || (!isChanged && original.confidence < CHECK_BELOW);
  return { original, text, start, end: start + text.length, line, symbols, isChanged, isUnsure, box: original?.box ?? null };
}

function symbolOf(part, was, character) {
  const isChanged = character !== was;
  const chance = part?.confidence ?? 1;
  const isUnsure = character === "?" || (!isChanged && chance < CHECK_BELOW);
  return { part, character, isChanged, isUnsure, box: part?.box ?? null };
}

// How unlike two numbers are: 0 the same, below 2 rather the one put right than one gone and another new.
function differ(one, other) {
  if (one === other) return 0;
  const pairs = align([...one], [...other]);
  const same = pairs.filter(([from, to]) => from !== null && to !== null && [...one][from] === [...other][to]).length;
  return 1.9 - 1.7 * (same / Math.max([...one].length, [...other].length));
}

// The reading with what a person wrote put in, for the JSON file. What is `checked` comes from a person; of a digit
// that is `guess` and `confidence` stay the model's.
export function toJson(reading, text) {
  const lines = [];
  for (const number of view(reading, text)) (lines[number.line] ??= []).push(number);
  return {
    ...reading,
    text,
    lines: lines.filter(Boolean).map((numbers) => ({
      text: numbers.map((number) => number.text).join(" "),
      box: enclose(numbers.map((number) => number.box)),
      numbers: numbers.map(numberToJson),
    })),
  };
}

function numberToJson(number) {
  if (!number.isChanged) return number.original;
  const symbols = number.symbols.map(symbolToJson);
  const known = { text: number.text, confidence: 1, checked: true, box: number.box, digits: symbols.filter((s) => "value" in s) };
  return number.original?.symbols ? { ...known, symbols } : known;
}

function symbolToJson({ part, character, isChanged, box }) {
  if (part !== null && !isChanged) return part;
  if (!/[0-9?]/.test(character)) return { text: character, confidence: 1, checked: true, box };
  const value = character === "?" ? null : Number(character);
  return part !== null && isDigit(part) ? { ...part, value, checked: true } : { value, checked: true, box };
}

function enclose(boxes) {
  const known = boxes.filter(Boolean);
  if (known.length === 0) return null;
  const left = Math.min(...known.map((box) => box[0]));
  const top = Math.min(...known.map((box) => box[1]));
  const right = Math.max(...known.map((box) => box[0] + box[2]));
  const bottom = Math.max(...known.map((box) => box[1] + box[3]));
  return [left, top, right - left, bottom - top];
}

// What is said of all of it: in words, for eyes and ears.
export function describe(numbers) {
  if (numbers.length === 0) return "";
  if (numbers.length > 1) {
    const [unsure, changed] = [numbers.filter((number) => number.isUnsure).length, numbers.filter((n) => n.isChanged).length];
    const notes = [`${numbers.length} numbers`, unsure ? `${unsure} to check` : `each more than ${100 * CHECK_BELOW}% sure`];
    return (changed ? [...notes, `${changed} corrected`] : notes).join(", ");
  }
  const [number] = numbers;
  const missing = number.symbols.filter((symbol) => symbol.character === "?");
  if (missing.length && number.symbols.length === 1) return sentence(missing[0].part?.reason || "not sure enough to answer");
  const digits = number.symbols.filter((symbol) => /[0-9?]/.test(symbol.character));
  if (missing.length) return `Not sure of ${missing.length} of ${digits.length} digits`;
  return number.isChanged ? "Corrected by you" : `${percent(number.original.confidence)} sure${ofAll(number.symbols)}`;
}

function ofAll(symbols) {
  if (symbols.length === 1) return "";
  if (symbols.some(({ part }) => part === null || !isDigit(part))) return " of the whole number";
  return symbols.length === 2 ? " of both digits" : ` of all ${symbols.length} digits`;
}

// What is said of one digit or mark.
export function describeSymbol({ part, character, isChanged }) {
  if (character === "?") return "not sure";
  if (isChanged) return `${character}, corrected by you`;
  return part ? `${character}, ${percent(part.confidence)} sure` : character;
}

const sentence = (text) => text[0].toUpperCase() + text.slice(1);
