// Wires the page.

import { startAnswer } from "./answer.js";
import { callJson, hideProblem, showProblem } from "./api.js";
import { startCorrecting } from "./correct.js";
import { showCorrections, startCorrections } from "./corrections.js";
import { readDrawing, redrawDrawing, startDrawing } from "./drawing.js";
import { showFile, startFiles } from "./files.js";
import { chooseTab, startTabs, startTheme } from "./tabs.js";

function tabChosen(name) {
  hideProblem();
  if (name === "corrections") showCorrections().catch((error) => showProblem(error, "corrections"));
  else if (name === "picture") showFile();
  else {
    redrawDrawing();
    readDrawing();
  }
}

startAnswer();
startDrawing();
startFiles((name) => chooseTab(name, tabChosen));
startTabs(tabChosen);
startTheme(redrawDrawing);

const fail = (error) => showProblem(error, "draw");
callJson("/v1/corrections?limit=1").then(({ enabled }) => {
  startCorrecting(enabled);
  if (enabled) startCorrections();
}).catch(fail);
callJson("/v1/models").then(({ models: [model] }) => {
  document.getElementById("model").textContent = `Model: ${model.name}, version ${model.version}`;
}).catch(fail);
