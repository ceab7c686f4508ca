// The picture tab: a file, its pages and turns → the server → the answer.

import { call, hideProblem, showProblem } from "./api.js";
import { clearAnswer, showAnswer, subjectOf } from "./answer.js";
import { acceptFiles, decode, fitTo, Sheet, showSheet, toBlob, zoomBy } from "./picture.js";
import { firstUnsure, view } from "./reading.js";

const CUT_SIDE = 400; // pixels that one digit of a photo is sent with
const byId = (id) => document.getElementById(id);

let file = null; // { blob, name, image, page, pages, turn, seen: what was read of each page and turn }

// `chooseTab` brings the picture tab to the front.
export function startFiles(chooseTab) {
  acceptFiles((blob) => {
    chooseTab("picture");
    attempt(() => open(blob));
  });
  const go = (change) => {
    Object.assign(file, change);
    attempt(read);
  };
  byId("turn").addEventListener("click", () => go({ turn: (file.turn + 90) % 360 }));
  byId("page-back").addEventListener("click", () => go({ page: file.page - 1 }));
  byId("page-on").addEventListener("click", () => go({ page: file.page + 1 }));
  byId("as-table").addEventListener("click", openTable);
  byId("zoom-in").addEventListener("click", () => zoomBy(1));
  byId("zoom-out").addEventListener("click", () => zoomBy(-1));
}

export function showFile() {
  if (file?.seen.has(keyOf(file))) show();
  else clearAnswer();
}

const keyOf = ({ page, turn }) => `${page}/${turn}`;

async function attempt(work) {
  try {
    await work();
  } catch (error) {
    if (byId("picture").hidden) return;
    if (!file?.seen.size) showSheet(null);
    clearAnswer("This was not read");
    showProblem(error, "picture");
  }
}

async function open(blob) {
  file = { blob, name: blob.name || "pasted picture", image: null, page: 1, pages: 1, turn: 0, seen: new Map() };
  const mine = file;
  clearAnswer("Reading …");
  mine.image = await decode(blob);
  if (file === mine) {
    showSheet(mine.image && new Sheet(mine.image, 0, mine.name));
    await read();
  }
}

// The page as it is turned now; one that was read before stands as it was left.
async function read() {
  const mine = file;
  const key = keyOf(mine);
  hideProblem();
  if (!mine.seen.has(key)) {
    clearAnswer("Reading …");
    mine.seen.set(key, await ask(mine));
  }
  // Meanwhile another file, page or turn may have been asked for: then that one is shown when it is there.
  if (file === mine && key === keyOf(mine) && !byId("picture").hidden) show();
}

function post(path, { blob, name, page, turn }, more = "") {
  const body = new FormData();
  body.append("file", blob, name);
  return call(`${path}?page=${page}&turn=${turn}${more}`, { method: "POST", body });
}

// The page on which the table's cells are checked, in this page's place.
async function openTable() {
  const button = byId("as-table");
  const label = button.textContent;
  [button.disabled, button.textContent] = [true, "Reading …"];
  hideProblem();
  try {
    const { review } = await (await post("/v1/table", file, "&review=true")).json();
    if (!review) throw new Error("No table was found here. Is all of it in view, sharp and near enough?");
    location.assign(review);
  } catch (error) {
    showProblem(error, "picture"); // the numbers that were read stay
  } finally {
    [button.disabled, button.textContent] = [false, label];
  }
}

async function ask(mine) {
  const { name, page, turn, image } = mine;
  const response = await post("/v1/read", mine);
  const reading = await response.json();
  mine.pages = Number(response.headers.get("Inkdigits-Pages"));
  const sheet = image && page === 1 ? new Sheet(image, turn, name)
    : new Sheet(await decode(await (await post("/v1/picture", mine)).blob()), 0, `${name}, page ${page}`);
  const subject = subjectOf(reading, name.replace(/\.[^.]*$/, ""), (box) => toBlob(sheet.cutOut(box, reading.width, CUT_SIDE)));
  return { sheet, subject };
}

function show() {
  const { sheet, subject } = file.seen.get(keyOf(file));
  showSheet(sheet);
  const numbers = view(subject.reading, subject.text);
  fitTo(numbers, subject.reading.width);
  const doubt = numbers.findIndex((number) => number.isUnsure);
  const first = Math.max(0, doubt);
  showAnswer(subject, numbers.length ? [first, firstUnsure(numbers[first])] : null);
  byId("pager").hidden = file.pages < 2;
  byId("page-now").textContent = `Page ${file.page} of ${file.pages}`;
  byId("page-back").disabled = file.page === 1;
  byId("page-on").disabled = file.page === file.pages;
}
