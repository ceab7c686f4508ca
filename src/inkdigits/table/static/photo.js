// The photo of a sheet, with the cell marked: it follows the cell, can be dragged and zoomed, and tells which cell is touched.

// Writing in rows of this height can be read.
const LEGIBLE_PX = 36;
const SVG = "http://www.w3.org/2000/svg";

class PhotoPane {
  constructor(element, onChoose) {
    Object.assign(this, { zoom: 1, sheet: null, cell: null, isWhole: false, outlines: new Map() });
    [this.pane, this.paper, this.picture, this.marks] =
      ["pane", "paper", "picture", "marks"].map((id) => element.querySelector(`#${id}`));
    this.bar = element.querySelector(".bar");
    this.halo = this.polygon("halo");
    this.mark = this.polygon("now");
    this.listen(onChoose);
    new ResizeObserver(() => this.follow(false)).observe(this.pane);
  }

  polygon(name) {
    const polygon = document.createElementNS(SVG, "polygon");
    polygon.setAttribute("class", name);
    return polygon;
  }

  // Show a cell; `isWhole`: as much of the sheet as can be read, else the cell with its neighbours.
  show(sheet, cell, isWhole) {
    const isSame = this.sheet === sheet && this.isWhole === isWhole;
    if (this.sheet !== sheet) this.load(sheet);
    if (!isSame) this.zoom = 1;
    Object.assign(this, { cell, isWhole });
    for (const polygon of [this.halo, this.mark]) polygon.setAttribute("points", cell.corners.join(" "));
    this.follow(isSame);
  }

  load(sheet) {
    this.sheet = sheet;
    this.picture.src = sheet.photo;
    this.picture.alt = `The photo ${sheet.name}`;
    this.paper.style.width = `${sheet.width}px`;
    this.paper.style.height = `${sheet.height}px`;
    this.marks.setAttribute("viewBox", `0 0 ${sheet.width} ${sheet.height}`);
    this.outlines = new Map(sheet.cells.map((cell) => [cell, this.polygon("")]));
    for (const [cell, polygon] of this.outlines) polygon.setAttribute("points", cell.corners.join(" "));
    this.marks.replaceChildren(...this.outlines.values(), this.halo, this.mark);
  }

  paint(cell, state) {
    this.outlines.get(cell)?.setAttribute("class", state);
  }

  // Put the cell into the middle, as far as the photo's rims allow.
  follow(isSmooth) {
    if (!this.cell) return;
    const { clientWidth: width, clientHeight: height } = this.pane;
    const [left, top, right, bottom] = boxOf(this.cell);
    const whole = Math.min(width / this.sheet.width, height / this.sheet.height);
    const usual = this.isWhole
      ? Math.max(width / this.sheet.width, LEGIBLE_PX / (bottom - top))
      : Math.min(3, 0.24 * width / (right - left), 0.3 * height / (bottom - top));
    this.scale = Math.max(whole, usual) * this.zoom;
    this.paper.classList.toggle("follow", isSmooth);
    this.move(width / 2 - this.scale * (left + right) / 2, height / 2 - this.scale * (top + bottom) / 2);
  }

  move(x, y) {
    const within = (place, room, size, rest = 0) => (size < room ? (room - size) / 2 : Math.min(0, Math.max(room - size - rest, place)));
    // On a phone the bar lies on the photo: the last row can be seen above it.
    const rest = getComputedStyle(this.bar).position === "absolute" ? 2 * this.bar.offsetHeight : 0;
    this.x = within(x, this.pane.clientWidth, this.scale * this.sheet.width);
    this.y = within(y, this.pane.clientHeight, this.scale * this.sheet.height, rest);
    this.paper.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.paper.style.setProperty("--px", `${1 / this.scale}px`);
  }

  change(factor) {
    this.zoom = Math.min(8, Math.max(0.2, this.zoom * factor));
    this.follow(true);
  }

  listen(onChoose) {
    let [start, isDrag] = [null, false];
    this.pane.addEventListener("pointerdown", (event) => {
      start = { x: event.clientX, y: event.clientY, left: this.x, top: this.y };
      isDrag = false;
      this.pane.setPointerCapture(event.pointerId);
    });
    this.pane.addEventListener("pointermove", (event) => {
      if (!start) return;
      const [across, down] = [event.clientX - start.x, event.clientY - start.y];
      isDrag ||= Math.hypot(across, down) > 6;
      if (!isDrag) return;
      this.paper.classList.remove("follow");
      this.move(start.left + across, start.top + down);
    });
    this.pane.addEventListener("pointerup", (event) => {
      if (start && !isDrag) {
        const frame = this.pane.getBoundingClientRect();
        const [x, y] = [(event.clientX - frame.left - this.x) / this.scale, (event.clientY - frame.top - this.y) / this.scale];
        const cell = this.sheet.cells.find((each) => isInside(x, y, each.corners));
        if (cell) onChoose(cell);
      }
      start = null;
    });
    this.pane.addEventListener("pointercancel", () => { start = null; });
    this.pane.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.change(event.deltaY < 0 ? 1.15 : 1 / 1.15);
    }, { passive: false });
  }
}

function boxOf(cell) {
  const [xs, ys] = [0, 1].map((axis) => cell.corners.filter((_, place) => place % 2 === axis));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

// Whether a point lies within four corners that go round.
function isInside(x, y, corners) {
  const sides = [0, 2, 4, 6].map((place) => {
    const [ax, ay, bx, by] = [0, 1, 2, 3].map((next) => corners[(place + next) % 8]);
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  });
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}
